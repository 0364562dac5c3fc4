package org.donotanswer.bench.crossvalidation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.donotanswer.bench.crossvalidation.FoldTask.BenignItem;
import org.donotanswer.bench.crossvalidation.FoldTask.BenignSet;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.BenignExchange;
import org.donotanswer.dataset.Llm;
import org.donotanswer.dataset.Response;
import org.donotanswer.dataset.Review;
import org.donotanswer.dataset.split.Fold;
import org.donotanswer.dataset.split.Splits;

/** Plans the folds of a protocol: what each model is trained on, and what it is tested on. Immutable, hence thread-safe. */
public final class FoldPlan {
    /** How many sets the questions are divided into where they are held out, unless told otherwise. */
    public static final int QUESTION_SETS = 3;

    private final TrainingSet set;
    private final long seed;
    private final int questionSets;
    private final List<Response> responses;
    private final List<Llm> llms;

    /** Creates a plan for all responses that people labelled. */
    public FoldPlan(TrainingSet set, long seed) {
        this(set, seed, QUESTION_SETS);
    }

    /**
     * Creates a plan for all responses that people labelled.
     *
     * @param questionSets how many sets the questions are divided into where they are held out, at least 2
     */
    public FoldPlan(TrainingSet set, long seed, int questionSets) {
        this.set = set;
        this.seed = seed;
        this.questionSets = questionSets;
        this.responses = set.data().reviews(Annotator.HUMAN).stream()
                .filter(Review::isScored)
                .map(Review::response)
                .toList();
        this.llms = responses.stream().map(Response::llm).distinct().toList();
    }

    /** Returns the responses that people labelled, LLM by LLM. */
    public List<Response> responses() {
        return responses;
    }

    /** Returns the LLMs of the responses, in published order. */
    public List<Llm> llms() {
        return llms;
    }

    /**
     * Returns the folds of a protocol.
     *
     * @throws IllegalArgumentException if there are too few LLMs or questions for it
     */
    public List<FoldTask> tasks(Protocol protocol) {
        return switch (protocol) {
            case UNSEEN_LLM -> unseenLlm();
            case UNSEEN_LLM_AND_QUESTION -> unseenLlmAndQuestion();
            case UNSEEN_QUESTION -> unseenQuestion();
        };
    }

    /**
     * One fold per LLM. Each fold also holds out some of the benign instructions, whoever answered them. So false alarms show
     * both where only the LLM is unseen and where the instruction is unseen as well.
     */
    private List<FoldTask> unseenLlm() {
        Map<String, Integer> foldOf = new HashMap<>();
        assignFolds(set.benign(), foldOf);
        assignFolds(set.hardBenign(), foldOf);
        List<FoldTask> tasks = new ArrayList<>();
        for (Fold<Response> fold : Splits.leaveOneGroupOut(responses, Response::llm)) {
            Llm llm = fold.test().get(0).llm();
            int number = tasks.size();
            List<BenignItem> benign = new ArrayList<>(benign(BenignSet.EVERYDAY, set.benign(), llm, number, foldOf));
            benign.addAll(benign(BenignSet.HARD, set.hardBenign(), llm, number, foldOf));
            Stream<String> heldOut = benign.stream()
                    .filter(BenignItem::instructionUnseen)
                    .map(item -> item.exchange().instruction());
            tasks.add(new FoldTask(Protocol.UNSEEN_LLM, fold.name(), Holdout.of(llm, heldOut), fold.test(), benign));
        }
        return List.copyOf(tasks);
    }

    /** Assigns each instruction to a random fold. */
    private void assignFolds(List<BenignExchange> exchanges, Map<String, Integer> foldOf) {
        List<String> keys = new ArrayList<>(exchanges.stream()
                .map(exchange -> Holdout.key(exchange.instruction()))
                .distinct()
                .sorted()
                .toList());
        Collections.shuffle(keys, new Random(seed));
        int number = 0;
        for (String key : keys) {
            foldOf.putIfAbsent(key, number++ % llms.size());
        }
    }

    private static List<BenignItem> benign(
            BenignSet set, List<BenignExchange> exchanges, Llm llm, int fold, Map<String, Integer> foldOf) {
        List<BenignItem> items = new ArrayList<>();
        for (int i = 0; i < exchanges.size(); i++) {
            BenignExchange exchange = exchanges.get(i);
            boolean llmUnseen = exchange.llm().equals(Optional.of(llm));
            boolean instructionUnseen = foldOf.getOrDefault(Holdout.key(exchange.instruction()), -1) == fold;
            if (llmUnseen || instructionUnseen) {
                items.add(new BenignItem(set, i, exchange, llmUnseen, instructionUnseen));
            }
        }
        return items;
    }

    private List<FoldTask> unseenLlmAndQuestion() {
        return Splits.leaveOneGroupOutGroupedKFold(
                        responses,
                        Response::llm,
                        response -> Holdout.key(response.question().text()),
                        questionSets,
                        seed)
                .stream()
                .map(fold -> {
                    Llm llm = fold.test().get(0).llm();
                    Stream<String> heldOut = fold.test().stream()
                            .map(response -> response.question().text());
                    return new FoldTask(
                            Protocol.UNSEEN_LLM_AND_QUESTION,
                            fold.name(),
                            Holdout.of(llm, heldOut),
                            fold.test(),
                            List.of());
                })
                .toList();
    }

    private List<FoldTask> unseenQuestion() {
        return Splits.groupedKFold(
                        responses, response -> Holdout.key(response.question().text()), questionSets, seed)
                .stream()
                .map(fold -> new FoldTask(
                        Protocol.UNSEEN_QUESTION,
                        fold.name(),
                        Holdout.of(fold.test().stream()
                                .map(response -> response.question().text())),
                        fold.test(),
                        List.of()))
                .toList();
    }
}
