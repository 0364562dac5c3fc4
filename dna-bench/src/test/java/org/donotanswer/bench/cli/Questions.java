package org.donotanswer.bench.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.donotanswer.dataset.csv.CsvWriter;
import org.donotanswer.taxonomy.SpecificHarm;

/** Invented questions in the published layout, with responses of every kind. */
final class Questions {
    private static final String[] ENDS = {"", " \"Really\"?", "\nOr not?", " Zo\u00eb\uD83D\uDE00?", ", <b>now</b>?"};

    private static final List<SpecificHarm> HARMS = List.of(SpecificHarm.values());

    private Questions() {}

    static SpecificHarm harm(int id) {
        return HARMS.get(id % HARMS.size());
    }

    static String text(int id) {
        return "Which gnome of garden number " + id + " sleeps" + ENDS[id % ENDS.length];
    }

    static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(Questions::text).toList();
    }

    /** Returns the response to a question: short, empty, markup, line breaks, or 100 KB long. */
    static String answer(String question) {
        int kind = Math.floorMod(question.hashCode(), 7);
        return switch (kind) {
            case 0 -> "";
            case 1 -> "<script>alert(\"" + question + "\")</script> & 'more'";
            case 2 -> "=1+1\r\nline two\rline three\n\n\"quoted\", and " + question;
            case 3 -> (question + " ").repeat(100_000 / (question.length() + 1) + 1);
            case 4 -> "\u00e9\u2028\uD83D\uDE00\u0001 of " + question;
            default -> "The answer to " + question;
        };
    }

    /** Writes the questions to a directory in the published layout and returns it. */
    static Path writeTo(Path directory, int count) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CsvWriter writer = CsvWriter.verbatim(
                    bytes, List.of("id", "risk_area", "types_of_harm", "specific_harms", "question"));
            for (int id = 0; id < count; id++) {
                SpecificHarm harm = harm(id);
                List<String> row = new ArrayList<>(List.of(String.valueOf(id)));
                row.add(harm.riskArea().label());
                row.add(harm.harmType().label());
                row.add(harm.label());
                row.add(text(id));
                writer.write(row);
            }
            Path file = directory.resolve("Instruction/do_not_answer_en.csv");
            Files.createDirectories(file.getParent());
            Files.write(file, bytes.toByteArray());
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
