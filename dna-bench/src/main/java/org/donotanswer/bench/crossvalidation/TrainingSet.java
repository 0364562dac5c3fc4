package org.donotanswer.bench.crossvalidation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.BenignExchange;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.ExampleSet;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.dataset.Llm;
import org.donotanswer.dataset.Response;
import org.donotanswer.dataset.Review;
import org.donotanswer.dataset.RiskyInstruction;
import org.donotanswer.dataset.SupplementaryData;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * The training data: the benchmark's responses with their human labels and, as a second opinion, GPT-4's; benign exchanges;
 * risky instructions without responses; labelled examples of other sources, which may be responses alone. Immutable, hence
 * thread-safe.
 */
public final class TrainingSet {
    private static final String HUMAN = "human";

    /** Examples of groups were written as a set, so that each of them says more than one of a random sample. */
    private static final double GROUPED_WEIGHT = 1.3;

    private final DoNotAnswer data;
    private final Optional<SupplementaryData> extra;
    private final Optional<ExampleSet> labelled;
    private final Map<String, Double> sourceWeights;

    /**
     * An example in two forms. Immutable, hence thread-safe.
     *
     * @param labelled as it is tested, and searched for near-duplicates
     * @param training as it is trained on
     */
    public record TrainingItem(LabelledExample labelled, TrainingExample training) {}

    /** Creates a training set of the benchmark and, if given, of supplementary data. */
    public TrainingSet(DoNotAnswer data, Optional<SupplementaryData> extra) {
        this(data, extra, Optional.empty(), Map.of());
    }

    /**
     * Creates a training set.
     *
     * @param data the benchmark
     * @param extra supplementary data
     * @param labelled labelled examples of other sources
     * @param sourceWeights factors of the weights of those examples, by source
     */
    public TrainingSet(
            DoNotAnswer data,
            Optional<SupplementaryData> extra,
            Optional<ExampleSet> labelled,
            Map<String, Double> sourceWeights) {
        this.data = data;
        this.extra = extra;
        this.labelled = labelled;
        this.sourceWeights = Map.copyOf(sourceWeights);
    }

    /** Returns the benchmark. */
    public DoNotAnswer data() {
        return data;
    }

    /** Returns the everyday benign exchanges. */
    public List<BenignExchange> benign() {
        return extra.map(SupplementaryData::benignExchanges).orElse(List.of());
    }

    /** Returns the benign exchanges with alarming words. */
    public List<BenignExchange> hardBenign() {
        return extra.map(SupplementaryData::hardBenignExchanges).orElse(List.of());
    }

    private List<RiskyInstruction> risky() {
        return extra.map(SupplementaryData::riskyInstructions).orElse(List.of());
    }

    /** Returns the SHA-256 of every file with examples, by the name of the file. */
    public Map<String, String> checksums() {
        Map<String, String> checksums = new LinkedHashMap<>(data.checksums());
        extra.ifPresent(more -> more.checksums().forEach((name, sum) -> checksums.put("extra/" + name, sum)));
        labelled.ifPresent(more -> checksums.putAll(more.checksums()));
        return checksums;
    }

    /** Returns the examples that are not held out, always in the same order. */
    public List<TrainingExample> examples(Holdout holdout) {
        List<TrainingExample> examples = new ArrayList<>();
        for (Review review : data.reviews(Annotator.HUMAN)) {
            if (review.isScored()
                    && !holdout.holdsOut(
                            Optional.of(review.llm()), review.question().text())) {
                examples.add(response(review));
            }
        }
        for (List<BenignExchange> exchanges : List.of(benign(), hardBenign())) {
            for (BenignExchange exchange : exchanges) {
                if (!holdout.holdsOut(exchange.llm(), exchange.instruction())) {
                    examples.add(benign(exchange));
                }
            }
        }
        for (RiskyInstruction risky : risky()) {
            if (!holdout.holdsOut(Optional.empty(), risky.instruction())) {
                examples.add(risky(risky));
            }
        }
        for (LabelledExample example : labelled.map(ExampleSet::examples).orElse(List.of())) {
            boolean sameFamily = holdout.llm().isPresent()
                    && example.llmFamily()
                            .equals(Optional.of(holdout.llm().get().family()));
            if (!sameFamily && !holdout.holdsOut(Optional.empty(), example.instruction())) {
                examples.add(labelled(example));
            }
        }
        return examples;
    }

    /** Returns all examples, in the order of {@link #examples}. */
    public List<TrainingItem> items() {
        List<TrainingItem> items = new ArrayList<>();
        for (Review review : data.reviews(Annotator.HUMAN)) {
            if (review.isScored()) {
                items.add(new TrainingItem(labelled(review), response(review)));
            }
        }
        for (List<BenignExchange> exchanges : List.of(benign(), hardBenign())) {
            for (BenignExchange exchange : exchanges) {
                LabelledExample labelled = numbered(items.size(), exchange.source(), exchange.instruction())
                        .response(exchange.response())
                        .llm(exchange.author())
                        .harmful(false)
                        .instructionRisky(false)
                        .build();
                items.add(new TrainingItem(labelled, benign(exchange)));
            }
        }
        for (RiskyInstruction risky : risky()) {
            LabelledExample labelled = numbered(items.size(), risky.source(), risky.instruction())
                    .instructionRisky(true)
                    .build();
            items.add(new TrainingItem(labelled, risky(risky)));
        }
        for (LabelledExample example : labelled.map(ExampleSet::examples).orElse(List.of())) {
            items.add(new TrainingItem(example, labelled(example)));
        }
        return items;
    }

    private static LabelledExample.Builder numbered(int number, String source, String instruction) {
        return LabelledExample.builder(Integer.toString(number), source, instruction)
                .labelledBy("construction");
    }

    private static LabelledExample labelled(Review review) {
        Response response = review.response();
        return LabelledExample.builder(
                        response.llm().name() + "/" + response.question().id(),
                        EmbeddedTrainer.BENCHMARK,
                        response.question().text())
                .response(response.text())
                .llm(response.llm().name())
                .harmful(review.harmful().orElseThrow())
                .action(review.action().orElseThrow())
                .instructionRisky(true)
                .harmType(response.question().harmType())
                .labelledBy(HUMAN)
                .build();
    }

    private static TrainingExample risky(RiskyInstruction risky) {
        return TrainingExample.builder(risky.instruction())
                .riskyInstruction(true)
                .source(risky.source())
                .build();
    }

    private TrainingExample labelled(LabelledExample example) {
        String source = example.source();
        double weight = (example.group().isPresent() ? GROUPED_WEIGHT : 1) * sourceWeights.getOrDefault(source, 1.0);
        TrainingExample.Builder builder = TrainingExample.builder(example.instruction())
                .group(example.group().isPresent() ? source : example.llm().orElse(HUMAN))
                .source(source)
                .weight(weight);
        example.response().ifPresent(builder::response);
        example.instructionRisky().ifPresent(builder::riskyInstruction);
        example.harmful().ifPresent(builder::harmful);
        example.refusal().ifPresent(builder::refusal);
        example.action().ifPresent(builder::action);
        example.harmType().ifPresent(builder::harmType);
        return builder.build();
    }

    private TrainingExample response(Review review) {
        Response response = review.response();
        TrainingExample.Builder example = TrainingExample.builder(
                        response.question().text())
                .response(response.text())
                .action(review.action().orElseThrow())
                .harmful(review.harmful().orElseThrow())
                .riskyInstruction(true)
                .harmType(response.question().harmType())
                .group(response.llm().name())
                .source(EmbeddedTrainer.BENCHMARK);
        Optional<ResponseAction> second = data.review(Annotator.GPT4, response).flatMap(Review::action);
        second.ifPresent(example::secondOpinion);
        return example.build();
    }

    /** The actions of benign exchanges were never labelled. */
    private static TrainingExample benign(BenignExchange exchange) {
        return TrainingExample.builder(exchange.instruction())
                .response(exchange.response())
                .harmful(false)
                .riskyInstruction(false)
                .group(exchange.llm().map(Llm::name).orElse(HUMAN))
                .source(exchange.source())
                .build();
    }
}
