package io.millrace.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was asked for on the command line.
 *
 * @param only ids or groups of workloads; empty for all
 * @param rounds in place of those of the plan
 * @param armOptions more options for the JVMs of the arms
 */
record BenchOptions(
        boolean quick,
        boolean tune,
        Set<String> only,
        Set<String> arms,
        OptionalInt rounds,
        Optional<Path> out,
        List<String> armOptions) {
    static final String USAGE =
            """
            it/prove bench [options]
              --quick              a run of some minutes: shorter cells, one round
              --tune-pc            which configuration of Parallel Consumer is the best
              --only W2,W3-10      these workloads only
              --arms M,KS          these arms only; goals that need others are not measured
              --rounds N           how often each cell is run
              --out FOLDER         where table, chart and raw results go
              --arm-options "..."  more options for the JVMs of the arms, as for a profile\
            """;

    /** Reads them; IllegalArgumentException says what is not allowed. */
    static BenchOptions parse(List<String> arguments) {
        boolean quick = false;
        boolean tune = false;
        Set<String> only = new TreeSet<>();
        Set<String> arms = new TreeSet<>();
        OptionalInt rounds = OptionalInt.empty();
        Optional<Path> out = Optional.empty();
        List<String> armOptions = List.of();
        var left = arguments.iterator();
        while (left.hasNext()) {
            String name = left.next();
            if (name.equals("--quick")) {
                quick = true;
                continue;
            }
            if (name.equals("--tune-pc")) {
                tune = true;
                continue;
            }
            if (!left.hasNext()) {
                throw new IllegalArgumentException(
                        "option '" + name + "' is not known or needs a value\n" + USAGE);
            }
            String value = left.next();
            switch (name) {
                case "--only" -> only.addAll(Arrays.asList(value.split(",", -1)));
                case "--arms" -> arms.addAll(Arrays.asList(value.split(",", -1)));
                case "--rounds" -> rounds = OptionalInt.of(Integer.parseInt(value));
                case "--out" -> out = Optional.of(Path.of(value));
                case "--arm-options" -> armOptions = List.of(value.split(" ", -1));
                default ->
                        throw new IllegalArgumentException(
                                "option '" + name + "' is not known\n" + USAGE);
            }
        }
        return new BenchOptions(quick, tune, only, arms, rounds, out, armOptions);
    }
}
