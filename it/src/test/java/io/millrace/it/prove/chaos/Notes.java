package io.millrace.it.prove.chaos;

import io.millrace.it.prove.chaos.ChaosHistory.Run;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the handlers noted themselves: read on, file by file. Threading: one thread. */
final class Notes {
    private final Path folder;
    private final Map<Path, Long> read = new LinkedHashMap<>();
    private final Map<String, Run> runs = new LinkedHashMap<>();

    Notes(Path folder) {
        this.folder = folder;
    }

    /** Handlers that have begun and not ended in this process. */
    int running(long pid) {
        readOn();
        return (int)
                runs.values().stream().filter(run -> run.pid() == pid && run.end() == 0).count();
    }

    List<Run> runs() {
        readOn();
        return new ArrayList<>(runs.values());
    }

    private void readOn() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                readOn(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readOn(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            long from = read.getOrDefault(file, 0L);
            byte[] more = new byte[(int) (open.length() - from)];
            open.seek(from);
            open.readFully(more);
            int complete = more.length;
            while (complete > 0 && more[complete - 1] != '\n') {
                complete--;
            }
            read.put(file, from + complete);
            String name = String.valueOf(file.getFileName()).replace(".txt", "");
            new String(more, 0, complete, StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> add(name, line));
        }
    }

    private void add(String file, String line) {
        long pid = Long.parseLong(file.substring(file.lastIndexOf('-') + 1));
        String[] words = line.split(" ", -1);
        String run = file + " " + words[1];
        if (words[0].equals("S")) {
            runs.put(
                    run,
                    new Run(
                            words[2],
                            Integer.parseInt(words[3]),
                            pid,
                            Long.parseLong(words[4]),
                            0,
                            ""));
        } else {
            runs.computeIfPresent(
                    run,
                    (_, begun) ->
                            new Run(
                                    begun.id(),
                                    begun.attempt(),
                                    pid,
                                    begun.start(),
                                    Long.parseLong(words[2]),
                                    words[3]));
        }
    }
}
