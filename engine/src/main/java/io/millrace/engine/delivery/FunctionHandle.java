package io.millrace.engine.delivery;

import io.millrace.engine.execute.Invoker;
import io.millrace.engine.model.FunctionSpec;

/** The version of a function that runs at present, and what runs it. */
public record FunctionHandle(FunctionSpec spec, Invoker invoker) {}
