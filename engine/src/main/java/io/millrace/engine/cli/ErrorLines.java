package io.millrace.engine.cli;

import io.millrace.engine.cluster.SchemaFailures;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.schemas.registry.RegistryException;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;

/** Errors as one line on standard error, with an exit code; a stack trace only on request. */
final class ErrorLines implements IExecutionExceptionHandler, IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException error, String[] args) {
        PrintWriter err = error.getCommandLine().getErr();
        err.println("millrace: " + line(error) + suggestion(error));
        err.println("try: " + error.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        trace(error, error.getCommandLine(), args);
        return ErrorCode.INVALID.exitCode();
    }

    @Override
    public int handleExecutionException(Exception error, CommandLine commands, ParseResult parsed) {
        PrintWriter err = commands.getErr();
        Exception told = error instanceof RegistryException e ? SchemaFailures.of(e) : error;
        int code;
        if (told instanceof MillraceException e) {
            err.println("millrace: " + line(e));
            code = e.code().exitCode();
        } else {
            err.println(
                    "millrace: "
                            + told.getClass().getName()
                            + ": "
                            + line(told)
                            + " - this is a bug of Millrace; please report it with the output of"
                            + " the same command and --stacktrace");
            code = ErrorCode.FAILED.exitCode();
        }
        trace(error, commands);
        return code;
    }

    private static void trace(Exception error, CommandLine commands, String... args) {
        if (Millrace.wantsStackTrace(commands, args)) {
            error.printStackTrace(commands.getErr());
        }
    }

    private static String suggestion(ParameterException error) {
        if (error instanceof UnmatchedArgumentException unmatched) {
            var near = unmatched.getSuggestions();
            return near.isEmpty() ? "" : "; did you mean '" + near.getFirst() + "'?";
        }
        return "";
    }

    private static String line(Exception error) {
        String message = error.getMessage();
        return message == null
                ? "no message"
                : String.join(" ", message.lines().map(String::strip).toList());
    }
}
