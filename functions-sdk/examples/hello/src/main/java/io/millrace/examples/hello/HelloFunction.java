package io.millrace.examples.hello;

import io.millrace.functions.Context;
import io.millrace.functions.Handler;

/** Greets whoever an event names. */
public final class HelloFunction implements Handler<String, String> {
    @Override
    public String handle(String name, Context context) {
        return "Hello, " + name + "!";
    }
}
