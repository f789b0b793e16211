import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks ({@code check}) or rewrites ({@code apply}) the format of every Java source below a folder. */
final class Format {
    public static void main(String[] args) throws IOException, FormatterException {
        boolean apply = args[0].equals("apply");
        Path root = Path.of(args[1]);
        var style = JavaFormatterOptions.Style.AOSP;
        var formatter = new Formatter(JavaFormatterOptions.builder().style(style).build());
        List<Path> sources;
        try (var files = Files.walk(root)) {
            sources = files.filter(Format::isSource).sorted().toList();
        }
        var wrong = new ArrayList<Path>();
        for (Path source : sources) {
            String text = Files.readString(source);
            String formatted;
            try {
                formatted =
                        formatter.formatSource(
                                ImportOrderer.reorderImports(
                                        RemoveUnusedImports.removeUnusedImports(text), style));
            } catch (FormatterException e) {
                throw new IOException(root.relativize(source) + ": " + e.getMessage(), e);
            }
            if (!formatted.equals(text)) {
                wrong.add(root.relativize(source));
                if (apply) {
                    Files.writeString(source, formatted);
                }
            }
        }
        if (!wrong.isEmpty()) {
            wrong.forEach(path -> System.out.println((apply ? "formatted " : "not formatted: ") + path));
        }
        if (!apply && !wrong.isEmpty()) {
            System.out.println(wrong.size() + " files are not formatted; run .ci/fmt");
            System.exit(1);
        }
    }

    private static boolean isSource(Path path) {
        String text = path.toString();
        return text.endsWith(".java") && text.contains("/src/") && !text.contains("/target/");
    }
}
