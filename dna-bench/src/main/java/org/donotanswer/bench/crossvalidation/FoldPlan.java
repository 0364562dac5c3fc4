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

/** Lays out the trainings of a protocol. Immutable, hence thread-safe. */
public final class FoldPlan {
    /** Into how many sets the questions are parted where they are held out. */
    public static final int QUESTION_SETS = 3;

    private final TrainingSet set;
    private final long seed;
    private final List<Response> answers;
    private final List<Llm> llms;

    public FoldPlan(TrainingSet set, long seed) {
        this.set = set;
        this.seed = seed;
        this.answers = set.data().reviews(Annotator.HUMAN).stream()
                .filter(Review::isScored)
                .map(Review::response)
                .toList();
        this.llms = answers.stream().map(Response::llm).distinct().toList();
    }

    /** Returns the answers that people labelled, LLM by LLM. */
    public List<Response> answers() {
        return answers;
    }

    /** Returns the LLMs of the answers, in published order. */
    public List<Llm> llms() {
        return llms;
    }

    /**
     * Returns the trainings of a protocol.
     *
     * @throws IllegalArgumentException if there are too few LLMs or questions for it
     */
    public List<FoldTask> tasks(Protocol protocol) {
        return switch (protocol) {
            case UNSEEN_LLM -> unseenLlm();
            case UNSEEN_LLM_AND_QUESTION -> unseenLlmAndQuestion();
        };
    }

    /**
     * One fold per LLM. With each, a share of the benign instructions is held out from all authors, so that false alarms
     * show both where only the LLM is new and where the instruction is, too.
     */
    private List<FoldTask> unseenLlm() {
        Map<String, Integer> shareOf = new HashMap<>();
        deal(set.benign(), shareOf);
        deal(set.hardBenign(), shareOf);
        List<FoldTask> tasks = new ArrayList<>();
        for (Fold<Response> fold : Splits.leaveOneGroupOut(answers, Response::llm)) {
            Llm llm = fold.test().get(0).llm();
            int share = tasks.size();
            List<BenignItem> benign = new ArrayList<>(benign(BenignSet.EVERYDAY, set.benign(), llm, share, shareOf));
            benign.addAll(benign(BenignSet.HARD, set.hardBenign(), llm, share, shareOf));
            Stream<String> heldOut = benign.stream()
                    .filter(BenignItem::instructionUnseen)
                    .map(item -> item.exchange().instruction());
            tasks.add(
                    new FoldTask(Protocol.UNSEEN_LLM, fold.name(), llm, Holdout.of(llm, heldOut), fold.test(), benign));
        }
        return List.copyOf(tasks);
    }

    /** Deals the instructions to as many shares as there are LLMs, by chance. */
    private void deal(List<BenignExchange> exchanges, Map<String, Integer> shareOf) {
        List<String> keys = new ArrayList<>(exchanges.stream()
                .map(exchange -> Holdout.key(exchange.instruction()))
                .distinct()
                .sorted()
                .toList());
        Collections.shuffle(keys, new Random(seed));
        int share = 0;
        for (String key : keys) {
            shareOf.putIfAbsent(key, share++ % llms.size());
        }
    }

    private static List<BenignItem> benign(
            BenignSet set, List<BenignExchange> exchanges, Llm llm, int share, Map<String, Integer> shareOf) {
        List<BenignItem> chosen = new ArrayList<>();
        for (int i = 0; i < exchanges.size(); i++) {
            BenignExchange exchange = exchanges.get(i);
            boolean llmUnseen = exchange.llm().equals(Optional.of(llm));
            boolean instructionUnseen = shareOf.getOrDefault(Holdout.key(exchange.instruction()), -1) == share;
            if (llmUnseen || instructionUnseen) {
                chosen.add(new BenignItem(set, i, exchange, llmUnseen, instructionUnseen));
            }
        }
        return chosen;
    }

    private List<FoldTask> unseenLlmAndQuestion() {
        return Splits.leaveOneGroupOutGroupedKFold(
                        answers,
                        Response::llm,
                        answer -> Holdout.key(answer.question().text()),
                        QUESTION_SETS,
                        seed)
                .stream()
                .map(fold -> {
                    Llm llm = fold.test().get(0).llm();
                    Stream<String> heldOut =
                            fold.test().stream().map(answer -> answer.question().text());
                    return new FoldTask(
                            Protocol.UNSEEN_LLM_AND_QUESTION,
                            fold.name(),
                            llm,
                            Holdout.of(llm, heldOut),
                            fold.test(),
                            List.of());
                })
                .toList();
    }
}
