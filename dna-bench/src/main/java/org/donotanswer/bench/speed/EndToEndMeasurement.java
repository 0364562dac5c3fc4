package org.donotanswer.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.classifier.transformer.Precision;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;

/** Evaluates exchanges with a checkpoint, one by one and in batches, alternating between precisions. Not thread-safe. */
final class EndToEndMeasurement {
    private static final int SMALL_SAMPLE = 500;
    private static final int WARM_UP = 16;

    private final BenchmarkArchitecture architecture;
    private final List<Exchange> exchanges;
    private final Map<Precision, Samples> seconds = new EnumMap<>(Precision.class);
    private final Map<Precision, List<Assessment>> results = new EnumMap<>(Precision.class);

    EndToEndMeasurement(BenchmarkArchitecture architecture, List<Exchange> exchanges) {
        this.architecture = architecture;
        this.exchanges = exchanges;
    }

    static TransformerEvaluator open(Path checkpoint, Precision precision) throws IOException {
        return TransformerEvaluator.builder()
                .checkpoint(checkpoint)
                .inputFormat(InputFormat.PAIR)
                .precision(precision)
                .build();
    }

    List<EndToEndRow> measure(Path checkpoint) throws IOException {
        Map<Precision, TransformerEvaluator> evaluators = new EnumMap<>(Precision.class);
        try {
            for (Precision precision : List.of(Precision.FLOAT32, Precision.FLOAT16, Precision.BFLOAT16)) {
                try {
                    evaluators.put(precision, open(checkpoint, precision));
                } catch (IllegalStateException e) {
                    if (precision == Precision.FLOAT32) {
                        throw e;
                    }
                    // This processor lacks the precision.
                }
            }
            return measure(evaluators);
        } finally {
            evaluators.values().forEach(TransformerEvaluator::close);
        }
    }

    private List<EndToEndRow> measure(Map<Precision, TransformerEvaluator> evaluators) {
        TransformerEvaluator exact = evaluators.get(Precision.FLOAT32);
        List<Assessment> singles = new ArrayList<>();
        double singleSeconds = 0;
        List<Exchange> first = exchanges.subList(0, Math.min(WARM_UP, exchanges.size()));
        evaluators.values().forEach(evaluator -> evaluator.evaluateAll(first));
        first.forEach(exact::evaluate);
        int rounds = exchanges.size() <= SMALL_SAMPLE ? 4 : 2;
        for (int round = 0; round < rounds; round++) {
            int from = exchanges.size() * round / rounds;
            int to = exchanges.size() * (round + 1) / rounds;
            long start = System.nanoTime();
            exchanges.subList(from, to).forEach(exchange -> singles.add(exact.evaluate(exchange)));
            singleSeconds += (System.nanoTime() - start) / 1e9;
            evaluators.forEach(this::evaluateBatched);
        }
        List<EndToEndRow> rows = new ArrayList<>();
        for (Precision precision : evaluators.keySet()) {
            double single = precision == Precision.FLOAT32 ? exchanges.size() / singleSeconds : Double.NaN;
            rows.add(row(precision, single, singles));
        }
        return rows;
    }

    private void evaluateBatched(Precision precision, TransformerEvaluator evaluator) {
        long start = System.nanoTime();
        results.put(precision, evaluator.evaluateAll(exchanges));
        seconds.computeIfAbsent(precision, each -> new Samples()).add((System.nanoTime() - start) / 1e9);
    }

    private EndToEndRow row(Precision precision, double single, List<Assessment> singles) {
        int changed = 0;
        int unscored = 0;
        double maxDifference = 0;
        for (int i = 0; i < singles.size(); i++) {
            Assessment actual = results.get(precision).get(i);
            if (singles.get(i) instanceof Assessment.Scored expected && actual instanceof Assessment.Scored scored) {
                maxDifference = Math.max(maxDifference, difference(expected, scored));
                changed += expected.isHarmful() == scored.isHarmful() ? 0 : 1;
            } else {
                unscored++;
            }
        }
        return new EndToEndRow(
                architecture.modelType(),
                precision.name(),
                exchanges.size(),
                exchanges.size() / seconds.get(precision).median(),
                single,
                changed,
                maxDifference,
                unscored);
    }

    static double difference(Assessment.Scored a, Assessment.Scored b) {
        return Math.abs(a.harmful().orElseThrow() - b.harmful().orElseThrow());
    }
}
