package io.millrace.engine.cli;

import io.millrace.engine.app.Engine;
import io.millrace.engine.execute.inprocess.HandlerCheck;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.time.SystemTimeSource;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The command line of Millrace. */
@Command(
        name = "millrace",
        mixinStandardHelpOptions = true,
        version = "millrace 0.1.0-SNAPSHOT",
        description = "Functions for your Kafka.",
        synopsisSubcommandLabel = "COMMAND",
        scope = ScopeType.INHERIT)
public final class Millrace {
    /** Commands that run for long; their Kafka clients' warnings are worth reading. */
    private static final List<String> SERVERS = List.of("server", "dev", "demo");

    // Read by the handlers of errors and before parsing; declared for the help.
    @Option(
            names = "--stacktrace",
            description = "Show the stack trace of an error.",
            scope = ScopeType.INHERIT)
    private boolean stackTrace;

    @Option(
            names = "--verbose",
            description = "Log more to standard error.",
            scope = ScopeType.INHERIT)
    @SuppressWarnings("UnusedVariable") // logging is configured before anything is parsed
    private boolean verbose;

    private Millrace() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        configureLogging(List.of(args));
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** Runs one command in this process and gives its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        Surroundings surroundings =
                new Surroundings(
                        System.getenv(),
                        System.in,
                        new SystemTimeSource(),
                        Millrace::verifyHandler,
                        Engine::start);
        return run(surroundings, out, err, args);
    }

    static int run(Surroundings surroundings, PrintWriter out, PrintWriter err, String... args) {
        CommandLine commands =
                new CommandLine(new Millrace())
                        .addSubcommand(new DeployCommand(surroundings))
                        .addSubcommand(new RemoveCommand(surroundings))
                        .addSubcommand(new ServerCommand(surroundings))
                        .addSubcommand(new DevCommand(surroundings))
                        .addSubcommand(new DemoCommand(surroundings))
                        .addSubcommand(new SendCommand(surroundings))
                        .addSubcommand(new ReadCommand(surroundings))
                        .addSubcommand(new MeteringCommand(surroundings))
                        .addSubcommand(new FunctionsCommand(surroundings))
                        .addSubcommand(new TriggersCommand(surroundings))
                        .addSubcommand(TriggerCommand.of(surroundings))
                        .addSubcommand(SourceCommand.of(surroundings))
                        .setOut(out)
                        .setErr(err)
                        .setParameterExceptionHandler(new ErrorLines())
                        .setExecutionExceptionHandler(new ErrorLines())
                        .setCaseInsensitiveEnumValuesAllowed(true);
        if (args.length == 0) {
            commands.usage(err);
            return ErrorCode.INVALID.exitCode();
        }
        int code = commands.execute(args);
        out.flush();
        err.flush();
        return code;
    }

    /** Must run before the first logger is made. */
    private static void configureLogging(List<String> args) {
        boolean isVerbose = args.contains("--verbose");
        setDefault("org.slf4j.simpleLogger.logFile", "System.err");
        setDefault("org.slf4j.simpleLogger.defaultLogLevel", isVerbose ? "info" : "warn");
        setDefault("org.slf4j.simpleLogger.showDateTime", "true");
        setDefault("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
        boolean isServer = args.stream().anyMatch(SERVERS::contains);
        if (!isVerbose && !isServer) {
            // The command tells what went wrong itself, in one line.
            setDefault("org.slf4j.simpleLogger.log.org.apache.kafka", "error");
        }
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static void verifyHandler(String handler, Path code) {
        try {
            Path scratch = Files.createTempDirectory("millrace-check");
            try {
                var _ = HandlerCheck.verify(handler, code, scratch);
            } finally {
                Files.deleteIfExists(scratch);
            }
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED, "cannot use the folder for temporary files: " + e, e);
        }
    }

    /** Whether a stack trace was asked for; parsing may have failed before it came to it. */
    static boolean wantsStackTrace(CommandLine commands, String... args) {
        Object root = commands.getCommandSpec().root().userObject();
        return (root instanceof Millrace millrace && millrace.stackTrace)
                || Arrays.asList(args).contains("--stacktrace");
    }
}
