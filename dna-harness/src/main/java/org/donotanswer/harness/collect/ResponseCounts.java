package org.donotanswer.harness.collect;

import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.harness.run.CollectedResponse;

/** Counts responses. Not thread-safe. */
final class ResponseCounts {
    private final Map<Finish, Integer> byFinish = new EnumMap<>(Finish.class);
    private final NavigableSet<String> models = new TreeSet<>();
    private int all;
    private int empty;
    private int withThinking;
    private TokenUsage usage = TokenUsage.NONE;

    void add(CollectedResponse response) {
        all++;
        response.finish().ifPresent(finish -> byFinish.merge(finish, 1, Integer::sum));
        if (response.exchange().hasBlankResponse()) {
            empty++;
        }
        if (response.thinking().isPresent()) {
            withThinking++;
        }
        response.model().ifPresent(models::add);
        usage = usage.plus(response.usage());
    }

    CollectionResult toResult(int instructions, int before, Map<ChatException.FailureKind, Integer> failures) {
        return new CollectionResult(
                instructions, before, all - before, byFinish, empty, withThinking, usage, models, failures);
    }
}
