package io.millrace.engine.execute.inprocess;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.functions.BatchHandler;
import io.millrace.functions.Handler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A class that was found to be a handler.
 *
 * @param isBatch whether it takes batches
 * @param input the type of one event
 */
record HandlerClass(Class<?> type, boolean isBatch, JavaType input) {
    private static final int MAX_LISTED = 20;
    private static final int FIRST_CLASS_FILE_VERSION = 44;

    /** Loads and checks the class without running any of its code. */
    static HandlerClass find(String name, FunctionClassLoader loader, TypeFactory types) {
        Class<?> found = load(name, loader);
        try {
            boolean isBatch = isBatchHandler(found, loader);
            checkConstructor(found);
            Class<?> contract = isBatch ? BatchHandler.class : Handler.class;
            return new HandlerClass(found, isBatch, inputOf(found, contract, types));
        } catch (LinkageError | TypeNotPresentException incomplete) {
            throw incomplete(name, loader, incomplete);
        }
    }

    private static Class<?> load(String name, FunctionClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException _) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "handler class '"
                            + name
                            + "' is not in function package '"
                            + loader.code().file()
                            + "'; handlers in it: "
                            + handlersIn(loader));
        } catch (UnsupportedClassVersionError newer) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "handler class '"
                            + name
                            + "' cannot be loaded: "
                            + newer.getMessage()
                            + "; compile it for Java "
                            + Runtime.version().feature()
                            + " or older (class file version "
                            + (FIRST_CLASS_FILE_VERSION + Runtime.version().feature())
                            + ")",
                    newer);
        } catch (LinkageError incomplete) {
            throw incomplete(name, loader, incomplete);
        }
    }

    private static MillraceException incomplete(
            String name, FunctionClassLoader loader, Throwable cause) {
        return new MillraceException(
                ErrorCode.INVALID,
                "handler class '"
                        + name
                        + "' in function package '"
                        + loader.code().file()
                        + "' cannot be linked: "
                        + cause
                        + "; a package must bring every library it uses, in itself or in lib/",
                cause);
    }

    private static boolean isBatchHandler(Class<?> found, FunctionClassLoader loader) {
        boolean single = Handler.class.isAssignableFrom(found);
        boolean batch = BatchHandler.class.isAssignableFrom(found);
        if (single && batch) {
            throw invalid(found, "implements both Handler and BatchHandler; choose one");
        }
        if (!single && !batch) {
            throw invalid(
                    found,
                    "implements neither "
                            + Handler.class.getName()
                            + " nor "
                            + BatchHandler.class.getName()
                            + "; handlers in its package: "
                            + handlersIn(loader));
        }
        return batch;
    }

    private static void checkConstructor(Class<?> found) {
        int modifiers = found.getModifiers();
        if (Modifier.isAbstract(modifiers) || !Modifier.isPublic(modifiers)) {
            throw invalid(found, "must be a public class that is not abstract");
        }
        if (Arrays.stream(found.getConstructors()).noneMatch(c -> c.getParameterCount() == 0)) {
            String hint =
                    found.isMemberClass() && !Modifier.isStatic(modifiers)
                            ? "; make the nested class static"
                            : "";
            throw invalid(found, "has no public constructor without parameters" + hint);
        }
    }

    private static JavaType inputOf(Class<?> found, Class<?> contract, TypeFactory types) {
        if (found.getTypeParameters().length > 0 || hasRawParent(found)) {
            throw invalid(
                    found,
                    "does not say what its events are: neither it nor a class it extends may leave"
                            + " the type parameters of "
                            + contract.getSimpleName()
                            + " open");
        }
        JavaType input = types.constructType(found).findTypeParameters(contract)[0];
        if (input.getRawClass().getName().startsWith("com.fasterxml.jackson.")) {
            throw invalid(
                    found,
                    "takes "
                            + input.getRawClass().getName()
                            + ", which is not shared with the engine; take a record, a Map or"
                            + " String");
        }
        return input;
    }

    private static boolean hasRawParent(Class<?> start) {
        List<Type> parents = new ArrayList<>(List.of(start.getGenericInterfaces()));
        if (start.getGenericSuperclass() != null) {
            parents.add(start.getGenericSuperclass());
        }
        for (Type parent : parents) {
            Class<?> raw =
                    (Class<?>)
                            (parent instanceof ParameterizedType generic
                                    ? generic.getRawType()
                                    : parent);
            boolean leadsToHandler =
                    Handler.class.isAssignableFrom(raw) || BatchHandler.class.isAssignableFrom(raw);
            boolean isRaw = parent instanceof Class<?> && raw.getTypeParameters().length > 0;
            if (leadsToHandler && (isRaw || hasRawParent(raw))) {
                return true;
            }
        }
        return false;
    }

    private static String handlersIn(FunctionClassLoader loader) {
        List<String> contracts = List.of(Handler.class.getName(), BatchHandler.class.getName());
        String names =
                loader.code().classesNaming(contracts, 10 * MAX_LISTED).stream()
                        .filter(name -> isHandler(name, loader))
                        .limit(MAX_LISTED)
                        .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    private static boolean isHandler(String name, FunctionClassLoader loader) {
        try {
            Class<?> type = Class.forName(name, false, loader);
            return !Modifier.isAbstract(type.getModifiers())
                    && (Handler.class.isAssignableFrom(type)
                            || BatchHandler.class.isAssignableFrom(type));
        } catch (ClassNotFoundException | LinkageError _) {
            return false;
        }
    }

    /** Runs the constructor. */
    Object instantiate() {
        try {
            return type.getConstructor().newInstance();
        } catch (InvocationTargetException thrown) {
            throw constructorFailed(thrown.getTargetException());
        } catch (ReflectiveOperationException | LinkageError thrown) {
            throw constructorFailed(thrown);
        }
    }

    private MillraceException constructorFailed(Throwable cause) {
        return new MillraceException(
                ErrorCode.FAILED,
                "constructor of handler class '" + type.getName() + "' failed: " + cause,
                cause);
    }

    private static MillraceException invalid(Class<?> found, String what) {
        return new MillraceException(
                ErrorCode.INVALID, "handler class '" + found.getName() + "' " + what);
    }
}
