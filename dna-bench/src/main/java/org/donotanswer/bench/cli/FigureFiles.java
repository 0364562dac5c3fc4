package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.donotanswer.bench.UsageException;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.ReportWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The files to which a measurement's figures are written, beside the text on the standard output. Not thread-safe. */
@InSection(HelpSection.INPUT_OUTPUT)
final class FigureFiles {
    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "File to which the figures are written as JSON. Default: none.")
    @OutputTarget
    private @Nullable Path json;

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description = "File to which the tables are written as Markdown. Default: none.")
    @OutputTarget
    private @Nullable Path markdown;

    /**
     * Opens the files. This comes before the measurements, so that a file that cannot be written fails at once.
     *
     * @param further a file of something else, which must differ from them, or null
     * @throws UsageException if two files are the same
     */
    OpenFiles open(OverwriteOption overwrite, @Nullable Path further) throws IOException {
        OpenFiles files = new OpenFiles();
        boolean opened = false;
        try {
            for (@Nullable Path file : new Path[] {json, markdown, further}) {
                files.add(file, overwrite);
            }
            opened = true;
            return files;
        } finally {
            if (!opened) {
                files.close();
            }
        }
    }

    /** The files while figures are made; those that are not committed do not appear. Not thread-safe. */
    final class OpenFiles implements AutoCloseable {
        private final Map<Path, Output> outputs = new LinkedHashMap<>();

        private void add(@Nullable Path file, OverwriteOption overwrite) throws IOException {
            if (file != null) {
                UsageException.require(!outputs.containsKey(file), "output files must differ", file + " twice");
                outputs.put(file, overwrite.open(file));
            }
        }

        /** Prints a report, and writes it and its figures to the files that are wanted. */
        void write(Report report, String figures, Streams streams) throws IOException {
            PrintWriter out = streams.writer();
            out.print(ReportWriter.toText(report));
            out.flush();
            write(json, figures);
            write(markdown, ReportWriter.toMarkdown(report));
        }

        private void write(@Nullable Path file, String content) throws IOException {
            if (file != null) {
                get(file).stream().write(content.getBytes(StandardCharsets.UTF_8));
            }
        }

        /** Returns the output of a file that was opened. */
        Output get(Path file) {
            Output output = outputs.get(file);
            if (output == null) {
                throw new IllegalArgumentException("file must be open, but was not (" + file + ")");
            }
            return output;
        }

        /** Lets the files appear. */
        void commit() throws IOException {
            for (Output output : outputs.values()) {
                output.commit();
            }
        }

        @Override
        public void close() throws IOException {
            for (Output output : outputs.values()) {
                output.close();
            }
        }
    }
}
