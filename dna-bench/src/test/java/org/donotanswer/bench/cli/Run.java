package org.donotanswer.bench.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.donotanswer.bench.crossvalidation.ModelTrainer;

/** The result of the command, run within the process of the test. */
record Run(int exitCode, String out, String err) {
    static Run of(Object... args) {
        return with(InputStream.nullInputStream(), args);
    }

    static Run withInput(String input, Object... args) {
        return with(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), args);
    }

    private static Run with(InputStream in, Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return with(in, out, false, choice -> new FakeEvaluator(), args);
    }

    static Run onTerminal(Object... args) {
        return with(
                InputStream.nullInputStream(), new ByteArrayOutputStream(), true, choice -> new FakeEvaluator(), args);
    }

    static Run training(ModelTrainer trainer, Object... args) {
        return with(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                false,
                choice -> new FakeEvaluator(),
                trainer,
                new FakeEngine(),
                args);
    }

    static Run tuning(FineTuningEngine engine, Object... args) {
        return with(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                false,
                choice -> new FakeEvaluator(),
                (examples, seed) -> {
                    throw new AssertionError("no embedded model must be trained");
                },
                engine,
                args);
    }

    static Run distilling(EvaluatorFactory evaluators, FineTuningEngine engine, Object... args) {
        return with(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                false,
                evaluators,
                (examples, seed) -> {
                    throw new AssertionError("no model must be trained for figures");
                },
                engine,
                args);
    }

    static Run with(
            InputStream in, OutputStream out, boolean interactive, EvaluatorFactory evaluators, Object... args) {
        return with(in, out, interactive, evaluators, (examples, seed) -> new FakeEvaluator(), new FakeEngine(), args);
    }

    private static Run with(
            InputStream in,
            OutputStream out,
            boolean interactive,
            EvaluatorFactory evaluators,
            ModelTrainer trainer,
            FineTuningEngine engine,
            Object... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Streams streams = new Streams(in, out, new PrintStream(err, true, StandardCharsets.UTF_8), interactive);
        int exitCode = Dna.commandLine(streams, evaluators, trainer, trainer, engine)
                .execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
        return new Run(
                exitCode,
                out instanceof ByteArrayOutputStream bytes ? bytes.toString(StandardCharsets.UTF_8) : "",
                err.toString(StandardCharsets.UTF_8));
    }

    /** Returns a factory of real evaluators, with its own streams. */
    static ModelOpener models() {
        return new ModelOpener(new Streams(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                false));
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
