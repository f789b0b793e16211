package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.Invocation;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.ResourceBundle;

/** Lines of one invocation, in the log of its function: {@code function.<name>}. */
record FunctionLogger(org.slf4j.Logger target, String prefix) implements System.Logger {
    static FunctionLogger of(Invocation invocation) {
        FunctionName name = invocation.function().name();
        return new FunctionLogger(
                LoggerFactory.getLogger("function." + name), invocation.requestId() + " ");
    }

    @Override
    public String getName() {
        return target.getName();
    }

    @Override
    public boolean isLoggable(Level level) {
        return level != Level.OFF && target.isEnabledForLevel(levelOf(level));
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String message,
            @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            target.atLevel(levelOf(level))
                    .setCause(thrown)
                    .log(prefix + translated(bundle, message));
        }
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object @Nullable ... parameters) {
        if (isLoggable(level)) {
            target.atLevel(levelOf(level))
                    .log(prefix + formatted(translated(bundle, format), parameters));
        }
    }

    private static String formatted(String format, @Nullable Object @Nullable [] parameters) {
        if (parameters == null || parameters.length == 0) {
            return format;
        }
        try {
            return MessageFormat.format(format, parameters);
        } catch (IllegalArgumentException _) {
            // Not a pattern: the text as it is says more than an exception in the handler.
            return format;
        }
    }

    private static String translated(@Nullable ResourceBundle bundle, @Nullable String key) {
        if (bundle == null || key == null) {
            return String.valueOf(key);
        }
        try {
            return bundle.getString(key);
        } catch (MissingResourceException | ClassCastException _) {
            return key;
        }
    }

    private static org.slf4j.event.Level levelOf(Level level) {
        return switch (level) {
            case ALL, TRACE -> org.slf4j.event.Level.TRACE;
            case DEBUG -> org.slf4j.event.Level.DEBUG;
            case INFO -> org.slf4j.event.Level.INFO;
            case WARNING -> org.slf4j.event.Level.WARN;
            case ERROR, OFF -> org.slf4j.event.Level.ERROR;
        };
    }
}
