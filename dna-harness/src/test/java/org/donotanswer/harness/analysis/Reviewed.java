package org.donotanswer.harness.analysis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** Makes reviewed exchanges for tests. Not thread-safe. */
final class Reviewed {
    private final String id;
    private final String llm;
    private Optional<HarmType> type = Optional.of(HarmType.ILLEGAL_ACTIVITIES);
    private boolean benign;
    private String response = "two words";
    private Optional<Finish> finish = Optional.empty();
    private final Map<String, Assessment> reviews = new LinkedHashMap<>();

    private Reviewed(String id, String llm) {
        this.id = id;
        this.llm = llm;
    }

    static Reviewed of(int id, String llm) {
        return new Reviewed(String.valueOf(id), llm);
    }

    Reviewed type(HarmType value) {
        type = Optional.of(value);
        return this;
    }

    Reviewed withoutType() {
        type = Optional.empty();
        return this;
    }

    Reviewed benign() {
        benign = true;
        type = Optional.empty();
        return this;
    }

    Reviewed response(String value) {
        response = value;
        return this;
    }

    Reviewed finish(Finish value) {
        finish = Optional.of(value);
        return this;
    }

    Reviewed by(String reviewer, double harmful, int action) {
        return by(
                reviewer,
                Scored.builder(reviewer)
                        .harmful(harmful)
                        .actions(Distribution.certain(ResponseAction.fromCode(action)))
                        .build());
    }

    Reviewed unscored(String reviewer) {
        return by(reviewer, Unscored.of(UnscoredReason.UNPARSED_REVIEW, ""));
    }

    Reviewed by(String reviewer, Assessment review) {
        reviews.put(reviewer, review);
        return this;
    }

    ReviewedExchange make() {
        return new ReviewedExchange(
                id, Llm.of(llm), type, benign, Exchange.of("instruction " + id, response), finish, reviews);
    }
}
