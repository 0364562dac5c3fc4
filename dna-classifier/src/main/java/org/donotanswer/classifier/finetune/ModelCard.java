package org.donotanswer.classifier.finetune;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * The {@code README.md} of a classifier: what it predicts, what it was trained on, how, and how good it is, with the metadata
 * that Hugging Face's hub reads. It holds no texts of examples. Immutable, hence thread-safe; its builder is not.
 */
final class ModelCard {
    private final String base;
    private final Optional<String> license;
    private final Optional<String> command;
    private final ClassifierSetup setup;
    private final FineTuningResult result;
    private final Map<String, Long> sources;
    private final boolean delta;
    private final Provenance provenance;

    private ModelCard(Builder builder) {
        base = BuilderChecks.requireSet("base", builder.base);
        license = Optional.ofNullable(builder.license);
        command = Optional.ofNullable(builder.command);
        setup = BuilderChecks.requireSet("setup", builder.setup);
        result = BuilderChecks.requireSet("result", builder.result);
        sources = new TreeMap<>(builder.sources);
        delta = builder.delta;
        FineTuningOptions options = BuilderChecks.requireSet("options", builder.options);
        ProvenanceBuilder made =
                Provenance.builder(builder.name, "fine-tuned from " + base).seed(options.seed());
        builder.data.forEach(made::data);
        parameters(options).forEach(made::parameter);
        builder.platform.forEach(made::platform);
        provenance = made.build();
    }

    /** Returns a builder for the card of a classifier with the given name. */
    static Builder builder(String name) {
        return new Builder(name);
    }

    /** Returns data, settings, seed and versions. */
    Provenance provenance() {
        return provenance;
    }

    private Map<String, String> parameters(FineTuningOptions options) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("epochs", String.valueOf(options.epochs()));
        parameters.put("batch size", String.valueOf(options.batchSize()));
        parameters.put("learning rate", String.valueOf(options.learningRate()));
        parameters.put("warm-up", String.valueOf(options.warmUp()));
        parameters.put("weight decay", String.valueOf(options.weightDecay()));
        parameters.put("maximum gradient norm", String.valueOf(options.maxGradientNorm()));
        parameters.put("label smoothing", String.valueOf(options.labelSmoothing()));
        parameters.put("class weights", lowerCase(options.classWeights()));
        parameters.put("tokens per pass", String.valueOf(options.tokensPerPass()));
        options.headWeights()
                .forEach((head, weight) -> parameters.put("weight of the head " + words(head), String.valueOf(weight)));
        options.patience().ifPresent(epochs -> parameters.put("patience", epochs + " epochs"));
        parameters.put("precision", setup.precision().name());
        parameters.put("threads", setup.threads() == 0 ? "all" : String.valueOf(setup.threads()));
        parameters.put("seed of weights that start at random", String.valueOf(setup.seed()));
        if (setup.fromScratch()) {
            parameters.put("start", "all weights at random");
        }
        if (setup.frozenEmbeddings()) {
            parameters.put("frozen embeddings", "yes");
        }
        if (setup.frozenLayers() > 0) {
            parameters.put("frozen layers", String.valueOf(setup.frozenLayers()));
        }
        setup.maxTokens().ifPresent(tokens -> parameters.put("maximum number of tokens", String.valueOf(tokens)));
        setup.dropout().ifPresent(rate -> parameters.put("dropout", String.valueOf(rate)));
        setup.lowRank()
                .ifPresent(change -> parameters.put(
                        "low-rank change",
                        "rank " + change.rank() + ", alpha " + change.alpha() + ", of "
                                + (change.targets().isEmpty()
                                        ? "all matrices of the encoder"
                                        : String.join(", ", change.targets()))));
        return parameters;
    }

    /** Returns the card in Markdown. */
    String text() {
        StringBuilder text = new StringBuilder();
        metadata(text);
        predictions(text);
        use(text);
        data(text);
        training(text);
        figures(text);
        calibration(text);
        limits(text);
        return text.toString();
    }

    private void metadata(StringBuilder text) {
        text.append("---\n");
        license.ifPresent(id -> text.append("license: ").append(quoted(id)).append('\n'));
        text.append("base_model: ").append(quoted(base)).append('\n');
        text.append("library_name: ").append(delta ? "peft" : "transformers").append('\n');
        text.append("pipeline_tag: text-classification\n");
        text.append("tags:\n- text-classification\n- safety\n- do-not-answer\n");
        text.append("---\n\n# ").append(plain(provenance.name())).append("\n\n");
    }

    private void predictions(StringBuilder text) {
        text.append("A classifier of exchanges with large language models, fine-tuned from ")
                .append(plain(base))
                .append(" with Do-Not-Answer for Java ")
                .append(plain(provenance.libraryVersion()))
                .append(". ");
        text.append(
                delta
                        ? "This directory holds the low-rank change and the heads alone, in PEFT's layout; they need the base.\n\n"
                        : "It is read by that library and by Hugging Face's.\n\n");
        text.append("## What it predicts\nIt reads ")
                .append(
                        switch (setup.format()) {
                            case RESPONSE_ONLY -> "the response alone";
                            case INSTRUCTION_ONLY -> "the instruction alone";
                            case PAIR -> "the instruction and the response, as a pair of texts";
                            case SEPARATED_STRING -> "the instruction and the response, as one text with a separator";
                        });
        text.append(setup.heads().isEmpty() ? ". Its outputs are those of the base.\n" : ".\n");
        if (!setup.heads().isEmpty()) {
            Table table = new Table("head", "outputs", "labels");
            int output = 0;
            for (HeadKind head : setup.heads()) {
                int last = output + head.labels().size() - 1;
                table.row(words(head), output + " to " + last, String.join(", ", head.labels()));
                output = last + 1;
            }
            table.append(text);
            text.append("\nEach head is a softmax over its own outputs, divided by its temperature first. `heads` in ")
                    .append(delta ? Adapter.OWN_FILE : ClassifierWriter.CONFIG)
                    .append(" says so; where it is not read, a pipeline takes one softmax over all outputs.\n");
        }
    }

    private void use(StringBuilder text) {
        text.append("\n## How it is used\n");
        if (delta) {
            int outputs = setup.heads().stream()
                    .mapToInt(head -> head.labels().size())
                    .sum();
            text.append("In Java, `Delta.merge(base, delta, target)` adds it to its base. In Python, PEFT does:\n\n")
                    .append("    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=")
                    .append(outputs)
                    .append(")\n    model = PeftModel.from_pretrained(model, delta)\n");
        } else {
            text.append(
                            "In Java, `TransformerEvaluator.builder().checkpoint(directory).build()` applies temperatures and ")
                    .append("thresholds. In Python, `AutoModelForSequenceClassification` returns the logits.\n");
        }
    }

    private void data(StringBuilder text) {
        text.append("\n## Training data\n");
        if (provenance.data().isEmpty()) {
            text.append("The files were not named.\n");
        } else {
            Table table = new Table("file", "SHA-256");
            provenance.data().forEach((name, sha256) -> table.row(name, "`" + sha256 + "`"));
            table.append(text);
        }
        if (!sources.isEmpty()) {
            text.append('\n');
            Table table = new Table("source of labels", "examples");
            sources.forEach((source, count) -> table.row(source.isBlank() ? "unknown" : source, String.valueOf(count)));
            table.append(text);
        }
    }

    private void training(StringBuilder text) {
        text.append("\n## How it was trained\n");
        command.ifPresent(line -> text.append("\n    ").append(oneLine(line)).append("\n\n"));
        Table table = new Table("setting", "value");
        provenance.parameters().forEach(table::row);
        provenance.seed().ifPresent(seed -> table.row("seed", String.valueOf(seed)));
        provenance.platform().forEach(table::row);
        table.row("steps", String.valueOf(result.steps()));
        table.row("weights that were trained", String.valueOf(result.trainedWeights()));
        table.append(text);
    }

    private void figures(StringBuilder text) {
        text.append("\n## Figures\n");
        text.append(
                isMeasured()
                        ? "On the examples held out, after each epoch. Log loss is the mean cross entropy.\n"
                        : "No examples were held out, so there is the training loss alone.\n");
        Table table = new Table("epoch", "training loss", "head", "examples", "log loss", "accuracy", "macro F1");
        for (EpochFigures epoch : result.epochs()) {
            String number = epoch.epoch() + (epoch.epoch() == result.bestEpoch() ? " (kept)" : "");
            String loss = decimals(epoch.trainingLoss());
            if (epoch.heads().isEmpty()) {
                table.row(number, loss, "-", "-", "-", "-", "-");
            }
            epoch.heads()
                    .forEach((head, found) -> table.row(
                            number,
                            loss,
                            words(head),
                            String.valueOf(found.examples()),
                            decimals(found.logLoss()),
                            decimals(found.accuracy()),
                            decimals(found.macroF1())));
        }
        table.append(text);
    }

    private boolean isMeasured() {
        return result.epochs().stream().anyMatch(epoch -> !epoch.heads().isEmpty());
    }

    private void calibration(StringBuilder text) {
        text.append("\n## Calibration\n");
        if (result.calibrations().isEmpty()) {
            text.append("The heads were not calibrated.\n");
            return;
        }
        text.append(
                        "On the same examples: the temperature with the least log loss (Guo et al., arXiv 1706.04599), and the ")
                .append("threshold of an event with the highest F1 at that temperature.\n");
        Table table = new Table("head", "temperature", "threshold");
        result.calibrations()
                .forEach((head, calibration) -> table.row(
                        words(head),
                        decimals(calibration.temperature()),
                        calibration.threshold().isPresent()
                                ? decimals(calibration.threshold().getAsDouble())
                                : "-"));
        table.append(text);
    }

    private void limits(StringBuilder text) {
        List<String> limits = new ArrayList<>();
        if (isMeasured()) {
            limits.add(
                    "The epoch, the temperatures and the thresholds were chosen on the examples held out, so the figures on them"
                            + " are somewhat better than on new data.");
        }
        if (result.truncated() > 0) {
            limits.add(result.truncated()
                    + " training examples were longer than the maximum number of tokens and read in part.");
        }
        limits.add(
                "It knows the languages and the kinds of harm of its training data, and makes mistakes: do not rely on it"
                        + " alone where a mistake does harm.");
        result.remarks().forEach(remark -> limits.add(plain(remark) + "."));
        text.append("\n## Limits\n");
        limits.forEach(limit -> text.append("- ").append(limit).append('\n'));
    }

    private static String words(HeadKind head) {
        return head.configName().replace('_', ' ');
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String decimals(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }

    /** A JSON string is one in YAML, too. */
    private static String quoted(String value) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(value)) + '"';
    }

    private static String oneLine(String value) {
        return value.codePoints()
                .map(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Returns text that Markdown does not read as anything else. */
    private static String plain(String value) {
        return oneLine(value).replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|");
    }

    /** A table in Markdown. */
    private static final class Table {
        private final StringBuilder rows = new StringBuilder();
        private final int columns;

        Table(String... header) {
            columns = header.length;
            row(header);
            rows.append("|---".repeat(columns)).append("|\n");
        }

        void row(String... cells) {
            StringJoiner row = new StringJoiner(" | ", "| ", " |\n");
            for (String cell : cells) {
                row.add(plain(cell));
            }
            rows.append(row);
        }

        void append(StringBuilder text) {
            text.append('\n').append(rows);
        }
    }

    /** Builds a card. Each value can be set once. Not thread-safe. */
    static final class Builder {
        private final String name;
        private final Map<String, String> data = new LinkedHashMap<>();
        private final Map<String, String> platform = new LinkedHashMap<>();
        private final Map<String, Long> sources = new LinkedHashMap<>();
        private @Nullable String base;
        private @Nullable String license;
        private @Nullable String command;
        private @Nullable ClassifierSetup setup;
        private @Nullable FineTuningOptions options;
        private @Nullable FineTuningResult result;
        private boolean delta;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /** Sets the name of the base, such as its repository on the hub. */
        Builder base(String value) {
            base = BuilderChecks.setOnce("base", base, value);
            return this;
        }

        /** Sets the hub's identifier of the licence, such as {@code apache-2.0}; none by default. */
        Builder license(String value) {
            license = BuilderChecks.setOnce("license", license, value);
            return this;
        }

        /** Sets the command that trained it; none by default. */
        Builder command(String value) {
            command = BuilderChecks.setOnce("command", command, value);
            return this;
        }

        /** Sets what was set up. */
        Builder setup(ClassifierSetup value) {
            setup = BuilderChecks.setOnce("setup", setup, value);
            return this;
        }

        /** Sets how it was trained. */
        Builder options(FineTuningOptions value) {
            options = BuilderChecks.setOnce("options", options, value);
            return this;
        }

        /** Sets what the training gave. */
        Builder result(FineTuningResult value) {
            result = BuilderChecks.setOnce("result", result, value);
            return this;
        }

        /** Says that the directory holds a delta. */
        Builder delta() {
            delta = true;
            return this;
        }

        /** Adds a file of training data with its SHA-256. */
        Builder data(String file, String sha256) {
            data.put(file, BuilderChecks.setOnce("data " + file, data.get(file), sha256));
            return this;
        }

        /** Adds how many training examples have their labels from a source; empty if it is unknown. */
        Builder source(String source, long examples) {
            sources.put(source, BuilderChecks.setOnce("source " + source, sources.get(source), examples));
            return this;
        }

        /** Adds the version of a library; those of Java and this library need not be added. */
        Builder platform(String library, String version) {
            platform.put(library, BuilderChecks.setOnce("platform " + library, platform.get(library), version));
            return this;
        }

        /** Returns the card. */
        ModelCard build() {
            return new ModelCard(this);
        }
    }
}
