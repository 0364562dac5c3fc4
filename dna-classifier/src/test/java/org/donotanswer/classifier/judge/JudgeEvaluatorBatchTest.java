package org.donotanswer.classifier.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.UnscoredReason;
import org.junit.jupiter.api.Test;

class JudgeEvaluatorBatchTest {
    private static final Exchange EXCHANGE = Exchange.of("How do I tame a walrus?", "With fish, and patience.");

    private static JudgeEvaluator judge(ScriptedChat chat) throws IOException {
        return JudgeEvaluator.builder().model(chat).build();
    }

    private static ScriptedChat honest() {
        return ScriptedChat.saying(request -> ScriptedChat.verdict(request, false));
    }

    private static UnscoredReason reason(Assessment assessment) {
        assertThat(assessment).isInstanceOf(Unscored.class);
        assertThat(assessment.toString()).doesNotContain("walrus", "fish");
        return ((Unscored) assessment).reason();
    }

    @Test
    void evaluateAll_asksSeveralAtATimeButNoMore() throws IOException {
        int concurrency = 3;
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CyclicBarrier barrier = new CyclicBarrier(concurrency);
        ScriptedChat chat = new ScriptedChat(request -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                barrier.await();
            } catch (java.util.concurrent.BrokenBarrierException e) {
                throw new IllegalStateException(e);
            }
            running.decrementAndGet();
            return ScriptedChat.reply(
                    ScriptedChat.verdict(request, request.user().contains("odd")));
        });
        List<Exchange> exchanges = IntStream.range(0, 12)
                .mapToObj(i -> Exchange.of("", (i % 2 == 1 ? "odd" : "even") + i))
                .toList();
        try (JudgeEvaluator judge =
                JudgeEvaluator.builder().model(chat).concurrency(concurrency).build()) {
            assertThat(judge.evaluateAll(exchanges))
                    .extracting(assessment -> ((Scored) assessment).isHarmful())
                    .containsExactly(false, true, false, true, false, true, false, true, false, true, false, true);
        }
        assertThat(most).hasValueLessThanOrEqualTo(concurrency);
    }

    @Test
    void evaluateAll_equalExchanges_areAskedAboutOnce() throws IOException {
        ScriptedChat chat = honest();
        try (JudgeEvaluator judge = judge(chat)) {
            assertThat(judge.evaluateAll(Collections.nCopies(20, EXCHANGE)))
                    .hasSize(20)
                    .allMatch(Assessment::isScored);
        }
        assertThat(chat.requests()).hasSize(1);
    }

    @Test
    void wrongKey_endsTheBatch() throws IOException {
        ScriptedChat chat = ScriptedChat.failing(FailureKind.AUTHENTICATION);
        try (JudgeEvaluator judge =
                JudgeEvaluator.builder().model(chat).concurrency(2).build()) {
            List<Exchange> exchanges = IntStream.range(0, 50)
                    .mapToObj(i -> Exchange.of("", "a" + i))
                    .toList();

            assertThat(judge.evaluateAll(exchanges))
                    .allMatch(assessment -> reason(assessment) == UnscoredReason.EVALUATOR_MISCONFIGURED);

            assertThat(chat.requests()).hasSizeLessThanOrEqualTo(2);
            assertThat(judge.outage().orElseThrow().kind()).isEqualTo(FailureKind.AUTHENTICATION);
            assertThat(judge.usage().unscored()).isEqualTo(Map.of(UnscoredReason.EVALUATOR_MISCONFIGURED, 50L));
        }
    }

    @Test
    void outage_endsWithTheNextReply() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        ScriptedChat chat = new ScriptedChat(request -> {
            if (requests.incrementAndGet() == 1) {
                throw new ChatException("host must be known, but was not", FailureKind.UNKNOWN_ENDPOINT);
            }
            return ScriptedChat.reply(ScriptedChat.verdict(request, false));
        });
        try (JudgeEvaluator judge = judge(chat)) {
            judge.evaluate(EXCHANGE);
            assertThat(judge.outage()).isPresent();
            judge.evaluateAll(List.of(EXCHANGE));
            assertThat(judge.outage()).isEmpty();
        }
    }

    private static ChatException forbidden() {
        return new ChatException(
                "key must be one that the endpoint accepts for the model, but was not (status 403)",
                FailureKind.AUTHENTICATION,
                java.util.OptionalInt.of(403),
                java.util.Optional.empty());
    }

    private static List<Exchange> exchanges(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> Exchange.of("", "number " + i + "."))
                .toList();
    }

    @Test
    void forbiddenExchange_doesNotAffectOthers() throws IOException {
        for (String disliked : List.of("number 0.", "number 3.")) {
            ScriptedChat chat = new ScriptedChat(request -> {
                if (request.user().contains(disliked)) {
                    throw forbidden();
                }
                return ScriptedChat.reply(ScriptedChat.verdict(request, false));
            });
            try (JudgeEvaluator judge =
                    JudgeEvaluator.builder().model(chat).concurrency(1).build()) {
                List<Assessment> assessments = judge.evaluateAll(exchanges(6));

                assertThat(assessments).filteredOn(Assessment::isScored).hasSize(5);
                assertThat(judge.outage()).isEmpty();
                // The same exchange repeatedly.
                for (int i = 0; i < 4; i++) {
                    judge.evaluate("", disliked);
                }
                assertThat(judge.outage()).isEmpty();
            }
        }
    }

    @Test
    void keyWithoutPermissions_isAnOutageAfterThreeExchanges() throws IOException {
        ScriptedChat chat = new ScriptedChat(request -> {
            throw forbidden();
        });
        try (JudgeEvaluator judge =
                JudgeEvaluator.builder().model(chat).concurrency(1).build()) {
            for (int i = 0; i < 5; i++) {
                judge.evaluate("", "the same");
            }
            assertThat(judge.outage()).isEmpty();
            assertThat(judge.evaluateAll(exchanges(50)))
                    .allMatch(assessment -> reason(assessment) == UnscoredReason.EVALUATOR_UNAVAILABLE);

            assertThat(chat.requests()).hasSize(5 + 2);
            assertThat(judge.outage().orElseThrow().status()).hasValue(403);
        }
    }

    @Test
    void endpointThatIsUnreachable_isAnOutageEarly() throws IOException {
        for (int concurrency : List.of(1, 3, 9)) {
            ScriptedChat chat = ScriptedChat.failing(FailureKind.CONNECTION);
            try (JudgeEvaluator judge = JudgeEvaluator.builder()
                    .model(chat)
                    .concurrency(concurrency)
                    .build()) {
                judge.evaluateAll(exchanges(100));

                assertThat(chat.requests()).hasSizeLessThan(4 + 2 * concurrency);
                assertThat(judge.outage().orElseThrow().kind()).isEqualTo(FailureKind.CONNECTION);
            }
        }
    }

    @Test
    void endpointThatReplied_isAskedAgain() throws IOException {
        ScriptedChat chat = new ScriptedChat(request -> {
            if (request.user().contains("number 0.")) {
                return ScriptedChat.reply(ScriptedChat.verdict(request, false));
            }
            throw new ChatException("connection must hold, but broke", FailureKind.CONNECTION);
        });
        try (JudgeEvaluator judge =
                JudgeEvaluator.builder().model(chat).concurrency(1).build()) {
            judge.evaluateAll(exchanges(20));

            assertThat(chat.requests()).hasSize(20);
            assertThat(judge.outage()).isEmpty();
        }
    }

    @Test
    void interruption_isUnscoredAndKeepsTheFlag() throws IOException {
        ScriptedChat chat = new ScriptedChat(request -> {
            throw new InterruptedException();
        });
        try (JudgeEvaluator judge = judge(chat)) {
            assertThat(reason(judge.evaluate(EXCHANGE))).isEqualTo(UnscoredReason.EVALUATOR_UNAVAILABLE);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void evaluateAll_interrupted_cancelsRequestsUnderWay() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        ScriptedChat chat = new ScriptedChat(request -> {
            if (request.user().contains("first")) {
                return ScriptedChat.reply(ScriptedChat.verdict(request, false));
            }
            caller.interrupt();
            never.await();
            throw new AssertionError("wait must be interrupted, but was not");
        });
        try (JudgeEvaluator judge =
                JudgeEvaluator.builder().model(chat).concurrency(1).build()) {
            List<Assessment> assessments = judge.evaluateAll(
                    List.of(Exchange.of("", "first"), Exchange.of("", "second"), Exchange.of("", "third")));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(assessments.get(1).isScored()).isFalse();
            assertThat(reason(assessments.get(2))).isEqualTo(UnscoredReason.EVALUATOR_UNAVAILABLE);
        }
    }
}
