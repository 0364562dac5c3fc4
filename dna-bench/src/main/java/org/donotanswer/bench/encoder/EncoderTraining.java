package org.donotanswer.bench.encoder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.bench.crossvalidation.TrainingSet.TrainingItem;
import org.donotanswer.bench.encoder.EncoderFigures.FoldSize;
import org.donotanswer.bench.quality.QualityReport;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.classifier.finetune.FineTuningExample;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.encoder.SecondStage;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.metrics.Bootstrap;

/**
 * Trains an encoder judge. For each fold, an encoder and an embedded model are trained without what it leaves out, and both
 * judge that. Then an encoder and an embedded model are trained on all sources but for a few questions, and judge the responses
 * to these. On what they say, the second stages are fitted and measured. What is in the work directory is not done again. Not thread-safe.
 */
public final class EncoderTraining {
    private static final String RECORDS = "exchanges.jsonl";

    private final TrainingSet set;
    private final EncoderPlan plan;
    private final WorkDirectory work;
    private final Tools tools;

    /**
     * One training of a classifier. Immutable, hence thread-safe.
     *
     * @param name for messages
     * @param base the directory of the classifier from which it goes on; empty if it begins with the pretrained encoder
     * @param training the examples that are trained on
     * @param heldOut the examples by which temperatures are found
     * @param directory new, or what an earlier call with the same values left
     */
    public record EncoderFineTuning(
            String name,
            Optional<Path> base,
            List<FineTuningExample> training,
            List<FineTuningExample> heldOut,
            Path directory) {
        /** Copies the lists. */
        public EncoderFineTuning {
            training = List.copyOf(training);
            heldOut = List.copyOf(heldOut);
        }

        /** Returns the name. */
        @Override
        public String toString() {
            return "EncoderFineTuning[" + name + "]";
        }
    }

    /** What trains and reads classifiers, and shows how that proceeds. */
    public interface Tools {
        /** Trains a classifier, or continues its training. */
        void fineTune(EncoderFineTuning training) throws IOException, InterruptedException;

        /** Opens a classifier that was trained. */
        WindowReader open(Path classifier) throws IOException;

        /** Starts to show the progress of some steps. */
        Progress progress(String title, int steps);

        /** Returns the number of threads of the embedded model's training. */
        int threads();
    }

    /**
     * What the training gave. Immutable, hence thread-safe.
     *
     * @param classifier the directory of the classifier that was trained on all
     * @param secondStage in the general norm
     * @param benchmarkStage in the benchmark's norm
     */
    public record TrainedEncoder(
            Path classifier, SecondStage secondStage, SecondStage benchmarkStage, EncoderFigures figures) {}

    /**
     * Creates a training.
     *
     * @param directory the work directory
     */
    public EncoderTraining(TrainingSet set, EncoderPlan plan, Path directory, Tools tools) {
        this.set = set;
        this.plan = plan;
        this.work = new WorkDirectory(directory);
        this.tools = tools;
    }

    /**
     * Runs what is not done yet.
     *
     * @param baseSha256 the checksum of the pretrained encoder
     * @throws IOException if the directory is that of another training, or something cannot be trained, read or written
     * @throws InterruptedException if the thread is interrupted; a repeated call continues
     */
    public TrainedEncoder run(String baseSha256) throws IOException, InterruptedException {
        Map<String, String> settings = new LinkedHashMap<>(plan.settings());
        settings.put("base", baseSha256);
        set.checksums().forEach((name, sum) -> settings.put("data " + name, sum));
        work.begin(settings);
        List<FoldSize> sizes = new ArrayList<>();
        List<List<StageRow>> rows = new ArrayList<>();
        for (int fold : plan.folds()) {
            LeftOut leftOut = LeftOut.of(set, fold, plan.seed()).limited(plan.testLimit());
            rows.add(rows(fold, leftOut));
            sizes.add(new FoldSize(
                    "fold " + fold + ": "
                            + String.join(
                                    ", ",
                                    SourceTable.leftOut(fold).stream().sorted().toList()),
                    leftOut.training().size()));
        }
        Path classifier = trainOnAll();
        List<StageRow> heldOut = heldOutRows(classifier);
        List<HeadKind> heads = EncoderRecipe.HEADS;
        EncoderFigures figures = EncoderFigures.of(
                sizes,
                rows,
                heldOut,
                heads,
                set,
                Bootstrap.of(QualityReport.RESAMPLES, QualityReport.CONFIDENCE, plan.seed()));
        rows.add(heldOut);
        StageRecipe.Stages stages = StageRecipe.fit(rows, heads);
        return new TrainedEncoder(classifier, stages.general(), stages.benchmark(), figures);
    }

    private List<StageRow> rows(int fold, LeftOut leftOut) throws IOException, InterruptedException {
        Path home = work.fold(fold);
        Path classifier = home.resolve("classifier");
        ExchangeRecords records = new ExchangeRecords(home.resolve(RECORDS), leftOut.test(), leftOut::isUnseenQuestion);
        if (!records.isComplete()) {
            fineTune(
                    "fold " + fold,
                    Optional.empty(),
                    ValidationExamples.of(leftOut.training()),
                    new TrainingMix(plan.foldShare(), plan.seed()),
                    classifier);
        }
        return recorded("fold " + fold, records, leftOut.test().size(), leftOut.training(), classifier);
    }

    /**
     * Trains on the examples of all sources but those held out, goes on from the result with other mixes, and returns the
     * directory of the last classifier.
     */
    private Path trainOnAll() throws IOException, InterruptedException {
        ValidationExamples split = ValidationExamples.of(
                set.items().stream().map(TrainingItem::training).toList());
        Path classifier = work.whole().resolve("pass-1");
        fineTune("all sources", Optional.empty(), split, new TrainingMix(plan.share(), plan.seed()), classifier);
        for (int i = 0; i < plan.continuedShares().size(); i++) {
            Path before = classifier;
            classifier = work.whole().resolve("pass-" + (i + 2));
            fineTune(
                    "all sources, pass " + (i + 2),
                    Optional.of(before),
                    split,
                    new TrainingMix(plan.continuedShares().get(i), plan.seed() + i + 1),
                    classifier);
        }
        return classifier;
    }

    /** Returns the rows of examples that the training on all sources held out: unseen questions of known sources. */
    private List<StageRow> heldOutRows(Path classifier) throws IOException, InterruptedException {
        List<TrainingExample> training = new ArrayList<>();
        List<LabelledExample> heldOut = new ArrayList<>();
        for (TrainingItem item : set.items()) {
            if (ValidationExamples.isHeldOut(item.training())) {
                heldOut.add(item.labelled());
            } else {
                training.add(item.training());
            }
        }
        List<LabelledExample> limited = LeftOut.limited(heldOut, plan.testLimit());
        ExchangeRecords records =
                new ExchangeRecords(work.whole().resolve(RECORDS), limited, example -> example.source()
                        .equals(EmbeddedTrainer.BENCHMARK));
        return recorded("all sources", records, limited.size(), training, classifier);
    }

    /** Returns the rows of records, which are completed by a classifier and an embedded model, which is kept beside it. */
    private List<StageRow> recorded(
            String name, ExchangeRecords records, int examples, List<TrainingExample> training, Path classifier)
            throws IOException, InterruptedException {
        if (!records.isComplete()) {
            EmbeddedModel embedded = embedded(training, classifier.resolveSibling("embedded.dna"));
            try (Progress progress = tools.progress(name, examples)) {
                records.complete(() -> judges(classifier, embedded), progress);
            }
        }
        return records.rows();
    }

    private void fineTune(String name, Optional<Path> base, ValidationExamples split, TrainingMix mix, Path directory)
            throws IOException, InterruptedException {
        if (!WorkDirectory.isTrained(directory)) {
            tools.fineTune(new EncoderFineTuning(
                    name, base, mix.examples(split.training()), TrainingMix.unmixed(split.heldOut()), directory));
        }
    }

    private EmbeddedModel embedded(List<TrainingExample> examples, Path file) throws IOException {
        if (Files.exists(file)) {
            return EmbeddedModel.load(file);
        }
        EmbeddedTrainer.Builder trainer =
                EmbeddedTrainer.builder().seed(plan.seed()).threads(tools.threads());
        set.checksums().forEach(trainer::data);
        try {
            EmbeddedModel model = trainer.build().train(examples);
            model.save(file);
            return model;
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private ExchangeRecords.Judges judges(Path classifier, EmbeddedModel model) throws IOException {
        WindowReader encoder = tools.open(classifier);
        SafetyEvaluator general = EmbeddedEvaluator.of(model);
        SafetyEvaluator benchmark =
                EmbeddedEvaluator.builder().model(model).benchmarkNorm(true).build();
        return new ExchangeRecords.Judges() {
            @Override
            public WindowReader encoder() {
                return encoder;
            }

            @Override
            public SafetyEvaluator embedded(StageNorm norm) {
                return norm == StageNorm.BENCHMARK ? benchmark : general;
            }

            @Override
            public void close() {
                try (encoder;
                        general;
                        benchmark) {
                    // Closed in the reverse order, each even if the other fails.
                }
            }
        };
    }
}
