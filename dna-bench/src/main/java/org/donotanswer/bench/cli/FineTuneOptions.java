package org.donotanswer.bench.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.donotanswer.bench.UsageException;
import org.donotanswer.classifier.finetune.FineTuningOptions;
import org.donotanswer.classifier.finetune.FineTuningOptions.ClassWeights;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.classifier.transformer.Precision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of how a classifier is fine-tuned, whatever it is for. Not thread-safe. */
@InSection(HelpSection.FINE_TUNING)
final class FineTuneOptions {
    @Option(
            names = "--from-scratch",
            description =
                    "Start all weights at random; of the base, only the configuration and the tokenizer are used.")
    private boolean fromScratch;

    @Option(
            names = "--heads",
            split = ",",
            paramLabel = "HEAD",
            description = "What is predicted: ${COMPLETION-CANDIDATES}, several with commas between. Default: those for"
                    + " which the data has an example of each label.")
    private List<HeadKind> heads = List.of();

    @Option(
            names = "--head-weight",
            paramLabel = "HEAD=W",
            description = "The factor of the loss of a head. Can be repeated. Default: 1.")
    private Map<HeadKind, Double> headWeights = new LinkedHashMap<>();

    @Option(
            names = "--model-input",
            paramLabel = "FORM",
            defaultValue = "PAIR",
            description = "How an exchange is fed to the classifier: ${COMPLETION-CANDIDATES}. Default:"
                    + " ${DEFAULT-VALUE}.")
    private InputFormat format = InputFormat.PAIR;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often every example is seen. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Number of examples of a step. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            defaultValue = "5e-5",
            description = "The highest learning rate. Default: ${DEFAULT-VALUE}.")
    private double learningRate;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "2048",
            description = "Maximum number of tokens of an exchange that the classifier reads; not more than the base"
                    + " supports. Default: ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Option(
            names = "--warm-up",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "Share of the steps in which the learning rate rises to the highest; it falls to 0 in the"
                    + " rest. Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(
            names = "--weight-decay",
            paramLabel = "W",
            defaultValue = "0.01",
            description = "Weight decay of AdamW. Default: ${DEFAULT-VALUE}.")
    private double weightDecay;

    @Option(
            names = "--label-smoothing",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "Share of each label that is spread evenly over all labels. Default: ${DEFAULT-VALUE}.")
    private double labelSmoothing;

    @Option(
            names = "--class-weights",
            paramLabel = "KIND",
            defaultValue = "none",
            converter = ClassWeightsConverter.class,
            description = "Whether rare labels weigh more: none, square-root, or balanced, so that all labels of a head"
                    + " weigh the same together. Default: ${DEFAULT-VALUE}.")
    private ClassWeights classWeights = ClassWeights.NONE;

    @Option(names = "--freeze-embeddings", description = "Keep the embeddings of the base as they are.")
    private boolean freezeEmbeddings;

    @Option(
            names = "--freeze-layers",
            paramLabel = "N",
            defaultValue = "0",
            description = "Number of first layers of the base that are kept as they are. Default: ${DEFAULT-VALUE}.")
    private int freezeLayers;

    @ArgGroup(exclusive = false)
    private @Nullable LoraOptions lora;

    @Option(
            names = "--dropout",
            paramLabel = "RATE",
            description = "Rate of all dropout. Default: the rates in the base's config.json.")
    private @Nullable Double dropout;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            defaultValue = "FLOAT32",
            description =
                    "Number format of the products, FLOAT32 or BFLOAT16; sums, gradients and weights have 32 bits."
                            + " Default: ${DEFAULT-VALUE}.")
    private Precision precision = Precision.FLOAT32;

    @Option(
            names = "--batch-tokens",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Maximum number of tokens that are computed at once, padding included; a larger batch takes"
                    + " several passes. Default: ${DEFAULT-VALUE}.")
    private int batchTokens;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "Share of the examples that are held out to choose the epoch and to calibrate the"
                    + " probabilities; all examples of an instruction are on the same side. Default: ${DEFAULT-VALUE}.")
    private double validation;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Stop after this many epochs without improvement on the examples held out. Default: never.")
    private @Nullable Integer patience;

    @Option(
            names = "--save-every",
            paramLabel = "STEPS",
            defaultValue = "200",
            description = "Number of steps after which the state is saved, from which a stopped command resumes."
                    + " Default: ${DEFAULT-VALUE}.")
    private int saveEvery;

    /** Low-rank adaptation. */
    @InSection(HelpSection.FINE_TUNING)
    static final class LoraOptions {
        @Option(
                names = "--lora-rank",
                order = 1,
                required = true,
                paramLabel = "R",
                description = "Train low-rank changes of this rank to the matrices of the base, and keep the base as it"
                        + " is. Default: all of the base is trained.")
        private int rank;

        @Option(
                names = "--lora-alpha",
                order = 1,
                paramLabel = "A",
                description = "The low-rank changes are multiplied by this number over their rank. Default: twice the"
                        + " rank.")
        private @Nullable Double alpha;

        @Option(
                names = "--lora-targets",
                order = 1,
                split = ",",
                paramLabel = "NAME",
                description = "Names of the linear maps that are changed, for example query,value. Default: all of the"
                        + " base.")
        private List<String> targets = List.of();

        private ClassifierSetup.LowRank lowRank() {
            return new ClassifierSetup.LowRank(rank, alpha == null ? 2.0 * rank : alpha, targets);
        }
    }

    /** Returns whether all weights start at random. */
    boolean isFromScratch() {
        return fromScratch;
    }

    /** Returns whether low-rank changes are trained. */
    boolean isLowRank() {
        return lora != null;
    }

    /** Returns the heads that the user named; empty if none. */
    List<HeadKind> heads() {
        return heads;
    }

    /** Returns how an exchange is fed to the classifier. */
    InputFormat format() {
        return format;
    }

    /** Returns the maximum number of tokens that the user wants. */
    int maxTokens() {
        return maxTokens;
    }

    /** Returns the share of the examples that are held out, from 0. */
    double validation() {
        return validation;
    }

    /**
     * Checks what can be checked without the base and the data.
     *
     * @throws UsageException if a value is out of range, or two do not go together
     */
    void check() {
        UsageException.require(validation >= 0 && validation <= 0.5, "--validation must be from 0 to 0.5", validation);
        UsageException.require(
                patience == null || validation > 0, "--patience must go with --validation above 0", "with 0");
        UsageException.require(
                heads.stream().distinct().count() == heads.size(), "--heads must name each head once", names(heads));
        HeadSelection.checkFormat(heads, format);
        UsageException.orUsage(() -> tuning(0));
        UsageException.orUsage(() -> setup(Path.of(""), List.of(), OptionalInt.of(maxTokens), 1, 0));
    }

    private static String names(List<HeadKind> heads) {
        return String.join(",", heads.stream().map(HeadKind::configName).toList());
    }

    /**
     * Checks that weights are those of heads that are trained.
     *
     * @throws UsageException if not
     */
    void checkWeights(List<HeadKind> trained) {
        headWeights
                .keySet()
                .forEach(head -> UsageException.require(
                        trained.contains(head),
                        "--head-weight must be that of a head that is trained",
                        head.configName()));
    }

    /**
     * Returns the hyperparameters.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    FineTuningOptions tuning(long seed) {
        FineTuningOptions.Builder builder = FineTuningOptions.builder()
                .epochs(epochs)
                .batchSize(batch)
                .learningRate(learningRate)
                .warmUp(warmUp)
                .weightDecay(weightDecay)
                .labelSmoothing(labelSmoothing)
                .classWeights(classWeights)
                .tokensPerPass(batchTokens)
                .stepsPerSave(saveEvery)
                .seed(seed);
        headWeights.forEach(builder::headWeight);
        Optional.ofNullable(patience).ifPresent(builder::patience);
        return builder.build();
    }

    /**
     * Returns how the classifier is set up.
     *
     * @param maxTokens the maximum number of tokens; empty for that of the base
     * @throws IllegalArgumentException if a value is out of range
     */
    ClassifierSetup setup(Path base, List<HeadKind> trained, OptionalInt maxTokens, int threads, long seed) {
        ClassifierSetup.Builder builder = ClassifierSetup.builder(base)
                .heads(trained)
                .format(format)
                .frozenLayers(freezeLayers)
                .precision(precision)
                .threads(threads)
                .seed(seed);
        maxTokens.ifPresent(builder::maxTokens);
        if (fromScratch) {
            builder.fromScratch();
        }
        if (freezeEmbeddings) {
            builder.frozenEmbeddings();
        }
        if (lora != null) {
            builder.lowRank(lora.lowRank());
        }
        Optional.ofNullable(dropout).ifPresent(builder::dropout);
        return builder.build();
    }
}
