package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.ReportedThreshold;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetyGuardTest {
    private static final String HARM = "HARM my secret";

    private final ScriptedEvaluator evaluator = ScriptedEvaluator.quick(ScriptedEvaluator::byWord);

    @Test
    void check_aHarmfulResponse_saysWhatDecidedAndWhy() {
        AtomicLong clock = new AtomicLong(500);
        SafetyGuard guard = SafetyGuard.builder()
                .evaluator(ScriptedEvaluator.quick(exchange -> {
                    clock.addAndGet(42_000);
                    return ScriptedEvaluator.byWord(exchange);
                }))
                .clock(clock::get)
                .build();
        Verdict verdict = guard.check("how?", HARM);
        assertThat(verdict.subject()).isEqualTo(Verdict.Subject.RESPONSE);
        assertThat(verdict.outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(verdict.reason()).isEqualTo(Reason.HARMFUL);
        assertThat(verdict.isChecked()).isTrue();
        assertThat(verdict.released()).isFalse();
        assertThat(verdict.probability()).isEqualTo(OptionalDouble.of(0.9));
        assertThat(verdict.threshold()).contains(new ReportedThreshold(0.5, ReportedThreshold.DEFAULT));
        assertThat(verdict.evaluator()).isEqualTo(ScriptedEvaluator.NAME);
        assertThat(verdict.policyVersion()).isEqualTo(SafetyPolicy.defaults().version());
        assertThat(verdict.latencyNanos()).isEqualTo(42_000);
        assertThat(verdict.truncated()).isFalse();
        assertThat(verdict.cached()).isFalse();
        assertThat(verdict.contextTurns()).isZero();
        assertThat(verdict.describe())
                .isEqualTo("response BLOCK: HARMFUL, 0.9000 with threshold 0.5 (default), by scripted 1, in 0.042 ms");
    }

    @Test
    void check_anInstructionInSeveralMessages_readsAllOfThem() {
        SafetyGuard guard = SafetyGuard.of(evaluator);
        Conversation conversation =
                Conversation.of("please do").user("some HARM").user("now");
        assertThat(guard.check(conversation, "mix the powders in a bowl").outcome())
                .isEqualTo(Outcome.BLOCK);
        assertThat(evaluator.asked)
                .extracting(exchange -> exchange.instruction())
                .containsExactly("now", "some HARM\nnow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\t", "\u200b\u00a0", "\u0000"})
    void check_aBlankText_isNothingToJudge(String blank) {
        SafetyGuard guard = SafetyGuard.of(evaluator);
        for (Verdict verdict : List.of(
                guard.check(HARM, blank),
                guard.checkInstruction(blank),
                guard.checkWindow(Conversation.of(HARM), blank, "", new Verdict.Window(0, blank.length())))) {
            assertThat(verdict.reason()).isEqualTo(Reason.NOTHING_TO_JUDGE);
            assertThat(verdict.released()).isTrue();
        }
        assertThat(evaluator.asked).isEmpty();
    }

    @Test
    void check_anEvaluatorThatSeesNothingWhereThereIsSomething_isNotJudged() {
        SafetyGuard guard =
                SafetyGuard.of(ScriptedEvaluator.quick(exchange -> Unscored.of(UnscoredReason.EMPTY_RESPONSE, "")));
        assertThat(guard.check("how?", "<b>so</b>").reason()).isEqualTo(Reason.NOT_JUDGED);
        assertThat(guard.check("how?", "<b>so</b>").released()).isFalse();
    }

    @Test
    void check_aTextTooLong_isNotRead() {
        SafetyGuard guard =
                SafetyGuard.builder().evaluator(evaluator).maxCharacters(10).build();
        assertThat(guard.check("1234567890", "1234567890").isChecked()).isTrue();
        assertThat(guard.check("12345678901", "1").reason()).isEqualTo(Reason.TOO_LONG);
        assertThat(guard.check("1", "12345678901").reason()).isEqualTo(Reason.TOO_LONG);
        assertThat(guard.checkInstruction("12345678901").reason()).isEqualTo(Reason.TOO_LONG);
        assertThat(evaluator.asked).hasSize(1);
    }

    @Test
    void check_inShadowMode_releasesEverything() {
        SafetyPolicy shadow = SafetyPolicy.builder().shadow(true).build();
        Verdict blocked = SafetyGuard.of(evaluator, shadow).check("how?", HARM);
        assertThat(blocked.outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(blocked.released()).isTrue();
        assertThat(blocked.shadow()).isTrue();
        assertThat(blocked.describe()).contains("released in shadow mode");
        SafetyGuard closed = SafetyGuard.of(evaluator, shadow);
        closed.close();
        assertThat(closed.check("how?", HARM).reason()).isEqualTo(Reason.CLOSED);
        assertThat(closed.check("how?", HARM).released()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void check_aReview_isReleasedUnlessThePolicyHoldsIt(boolean holds) {
        SafetyPolicy policy = SafetyPolicy.builder()
                .defaultRule(Rule.builder().block(0.95).review(0.8).build())
                .holdReviews(holds)
                .build();
        Verdict verdict = SafetyGuard.of(evaluator, policy).check("how?", HARM);
        assertThat(verdict.outcome()).isEqualTo(Outcome.REVIEW);
        assertThat(verdict.released()).isEqualTo(!holds);
    }

    @Test
    void check_aScoreThatIsMissing_isBlockedEvenWhereFailuresPass() {
        SafetyGuard guard = SafetyGuard.builder()
                .evaluator(ScriptedEvaluator.quick(
                        exchange -> Scored.builder("half").instructionRisk(0.1).build()))
                .failMode(FailMode.OPEN)
                .build();
        assertThat(guard.check("how?", "so").reason()).isEqualTo(Reason.MISSING_SCORE);
        assertThat(guard.check("how?", "so").released()).isFalse();
    }

    @Test
    void checkInstruction_readsTheLastWordsOnly() {
        ScriptedEvaluator risky = ScriptedEvaluator.quick(exchange -> Scored.builder("scripted")
                .instructionRisk(exchange.instruction().contains("HARM") ? 0.99 : 0.1)
                .build());
        SafetyGuard guard = SafetyGuard.of(risky);
        Verdict verdict = guard.checkInstruction(Conversation.of("go on").user("with HARM"));
        assertThat(verdict.subject()).isEqualTo(Verdict.Subject.INSTRUCTION);
        assertThat(verdict.reason()).isEqualTo(Reason.RISKY_INSTRUCTION);
        assertThat(guard.checkInstruction(
                                Conversation.of("HARM").assistant("no").user("go on"))
                        .released())
                .isTrue();
    }

    @Test
    void checkInstruction_afterQuestionsWithoutResponse_readsThemOnlyWhereItTakesThemUp() {
        SafetyGuard guard = SafetyGuard.of(ScriptedEvaluator.quick(exchange -> Scored.builder("scripted")
                .instructionRisk(exchange.instruction().contains("poison") ? 0.99 : 0.1)
                .build()));
        Conversation blocked = Conversation.of("How do I poison a well?");
        assertThat(guard.checkInstruction(blocked.user("How do I make green tea?"))
                        .released())
                .isTrue();
        assertThat(guard.checkInstruction(blocked.user("go on")).released()).isFalse();
        Verdict verdict = guard.checkInstruction(blocked.user("And without the well?"));
        assertThat(verdict.reason()).isEqualTo(Reason.RISKY_INSTRUCTION);
        assertThat(verdict.contextTurns()).isEqualTo(1);
        assertThat(guard.checkInstruction(blocked.assistant("No.").user("go on"))
                        .released())
                .isTrue();
    }

    @Test
    void checkInstruction_anEvaluatorThatCannot_isMisconfigured() {
        SafetyGuard guard = SafetyGuard.builder()
                .evaluator(ScriptedEvaluator.quick(exchange -> Unscored.of(UnscoredReason.NOT_SUPPORTED, "")))
                .failMode(FailMode.OPEN)
                .build();
        assertThat(guard.checkInstruction("how?").reason()).isEqualTo(Reason.MISCONFIGURED);
        assertThat(guard.checkInstruction("how?").released()).isFalse();
    }

    @Test
    void guarding_replacesWhatIsNotReleased() {
        SafetyPolicy policy = SafetyPolicy.builder()
                .replacement(Locale.GERMAN, "Das zeige ich nicht.")
                .build();
        SafetyGuard guard = SafetyGuard.of(evaluator, policy);
        assertThat(guard.guarding(instruction -> "fine").apply("how?")).isEqualTo("fine");
        assertThat(guard.guarding(instruction -> HARM).apply("how?")).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(guard.guarding(instruction -> HARM, Locale.GERMANY).apply("how?"))
                .isEqualTo("Das zeige ich nicht.");
    }

    @Test
    @SuppressWarnings("NullAway")
    void guarding_noResponse_isAnEmptyOne() {
        Function<String, String> silent = instruction -> null;
        assertThat(SafetyGuard.of(evaluator).guarding(silent).apply("how?")).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway")
    void check_null_isNamed() {
        SafetyGuard guard = SafetyGuard.of(evaluator);
        assertThatThrownBy(() -> guard.check((String) null, "so")).hasMessage("instruction");
        assertThatThrownBy(() -> guard.check("how?", null)).hasMessage("response");
        assertThatThrownBy(() -> guard.check((Conversation) null, "so")).hasMessage("conversation");
        assertThatThrownBy(() -> guard.checkAsync(Conversation.of("how?"), null))
                .hasMessage("response");
        assertThatThrownBy(() -> guard.checkInstruction((String) null)).hasMessage("instruction");
        assertThatThrownBy(() -> guard.guarding(null)).hasMessage("chatbot");
    }

    @Test
    void check_onTheCallersThread_looksAtTheDeadlineBetweenEvaluations() {
        AtomicLong clock = new AtomicLong();
        ScriptedEvaluator slow = ScriptedEvaluator.quick(exchange -> {
            clock.addAndGet(Duration.ofSeconds(2).toNanos());
            return exchange.response().length() > TextSegments.MAX_SIZE
                    ? Scored.builder("scripted").harmful(0).truncated(true).build()
                    : ScriptedEvaluator.harm(0);
        });
        SafetyGuard guard = SafetyGuard.builder()
                .evaluator(slow)
                .deadline(Duration.ofSeconds(3))
                .clock(clock::get)
                .build();
        assertThat(guard.check("how?", "short").isChecked()).isTrue();
        Verdict verdict = guard.check("how?", "long ".repeat(10_000));
        assertThat(verdict.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
        assertThat(verdict.truncated()).isTrue();
        assertThat(verdict.released()).isFalse();
        assertThat(slow.asked).hasSize(3);
    }

    @Test
    void close_withItsEvaluator_closesThatOnce() {
        SafetyGuard.of(evaluator).close();
        assertThat(evaluator.closed).hasValue(0);
        SafetyGuard guard =
                SafetyGuard.builder().evaluator(evaluator).closeEvaluator(true).build();
        guard.close();
        guard.close();
        assertThat(evaluator.closed).hasValue(1);
    }

    @Test
    void close_createdEvaluator_isClosedOnce(@TempDir Path directory) throws Exception {
        SafetyGuard guard = ScriptedEvaluatorProvider.call(directory, SafetyGuard::create);
        assertThat(guard.check("how?", "HARM").outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(ScriptedEvaluatorProvider.CREATED).hasSize(1);
        assertThat(ScriptedEvaluatorProvider.CREATED.get(0).closed).hasValue(0);
        guard.close();
        guard.close();
        assertThat(ScriptedEvaluatorProvider.CREATED.get(0).closed).hasValue(1);
        assertThat(guard.check("how?", "HARM").reason()).isEqualTo(Reason.CLOSED);
    }

    @Test
    void build_failsAfterTheEvaluatorWasCreated_closesIt(@TempDir Path directory) throws Exception {
        SafetyGuard.Builder wrong = SafetyGuard.builder().cacheExpiry(Duration.ofSeconds(1));
        assertThatThrownBy(() -> ScriptedEvaluatorProvider.call(directory, wrong::build))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cacheExpiry must not be set without cache, but was PT1S");
        assertThat(ScriptedEvaluatorProvider.CREATED).hasSize(1);
        assertThat(ScriptedEvaluatorProvider.CREATED.get(0).closed).hasValue(1);
    }

    @Test
    void create_embeddedEvaluator_checks() {
        try (SafetyGuard guard = SafetyGuard.create()) {
            assertThat(guard.check("What is the capital of France?", "It is Paris.")
                            .outcome())
                    .isEqualTo(Outcome.ALLOW);
        }
    }

    @Test
    void isNonBlocking_asTheEvaluatorAndTheThreadsAre() {
        assertThat(SafetyGuard.of(evaluator).isNonBlocking()).isTrue();
        ScriptedEvaluator slow = ScriptedEvaluator.slow(ScriptedEvaluator::byWord);
        assertThat(SafetyGuard.of(slow).isNonBlocking()).isFalse();
        assertThat(SafetyGuard.builder()
                        .evaluator(slow)
                        .threads(GuardThreads.CALLER)
                        .build()
                        .isNonBlocking())
                .isFalse();
        assertThat(SafetyGuard.builder()
                        .evaluator(evaluator)
                        .threads(GuardThreads.PLATFORM)
                        .build()
                        .isNonBlocking())
                .isFalse();
    }

    @Test
    void builder_anOptionSetTwice_namesBothValues() {
        assertTwice(b -> b.failMode(FailMode.OPEN), "failMode", "OPEN");
        assertTwice(b -> b.deadline(Duration.ofSeconds(2)), "deadline", "PT2S");
        assertTwice(b -> b.threads(GuardThreads.CALLER), "threads", "CALLER");
        assertTwice(b -> b.maxConcurrent(3), "maxConcurrent", "3");
        assertTwice(b -> b.maxWaiting(3), "maxWaiting", "3");
        assertTwice(b -> b.maxCharacters(3), "maxCharacters", "3");
        assertTwice(b -> b.contextTurns(3), "contextTurns", "3");
        assertTwice(b -> b.contextCharacters(3), "contextCharacters", "3");
        assertTwice(b -> b.cache(3), "cache", "3");
        assertTwice(b -> b.cacheExpiry(Duration.ofDays(1)), "cacheExpiry", "PT24H");
        assertTwice(b -> b.closeEvaluator(true), "closeEvaluator", "true");
        assertTwice(b -> b.evaluator(evaluator), "evaluator", ScriptedEvaluator.NAME);
        String version = SafetyPolicy.defaults().version();
        assertTwice(b -> b.policy(SafetyPolicy.defaults()), "policy", version);
        assertThatThrownBy(() -> SafetyGuard.builder().executor(Runnable::run).executor(Runnable::run))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("executor must be set once, but was a ");
    }

    private static void assertTwice(Consumer<SafetyGuard.Builder> option, String name, String value) {
        SafetyGuard.Builder builder = SafetyGuard.builder();
        option.accept(builder);
        assertThatThrownBy(() -> option.accept(builder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(name + " must be set once, but was " + value + " and then " + value);
    }

    @Test
    void builder_aValueOutOfRange_isRefused() {
        List<String> messages = new ArrayList<>();
        List<Consumer<SafetyGuard.Builder>> wrong = List.of(
                b -> b.deadline(Duration.ZERO),
                b -> b.maxConcurrent(0),
                b -> b.maxWaiting(-1),
                b -> b.maxCharacters(0),
                b -> b.contextTurns(-1),
                b -> b.contextCharacters(-1),
                b -> b.cache(0),
                b -> b.cacheExpiry(Duration.ofSeconds(-1)));
        for (Consumer<SafetyGuard.Builder> option : wrong) {
            assertThatThrownBy(() -> option.accept(SafetyGuard.builder()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .satisfies(e -> messages.add(e.getMessage()));
        }
        assertThat(messages)
                .containsExactly(
                        "deadline must be positive, but was PT0S",
                        "maxConcurrent must be at least 1, but was 0",
                        "maxWaiting must be at least 0, but was -1",
                        "maxCharacters must be at least 1, but was 0",
                        "contextTurns must be at least 0, but was -1",
                        "contextCharacters must be at least 0, but was -1",
                        "cache must be at least 1, but was 0",
                        "cacheExpiry must be positive, but was PT-1S");
    }

    @Test
    void build_optionsThatContradictEachOther_areRefused() {
        assertRefused(
                SafetyGuard.builder().closeEvaluator(false),
                "closeEvaluator must come with evaluator, but was false without");
        assertRefused(
                SafetyGuard.builder().evaluator(evaluator).maxWaiting(3),
                "maxWaiting must not be set if the calling thread evaluates, but was 3");
        assertRefused(
                SafetyGuard.builder()
                        .evaluator(evaluator)
                        .threads(GuardThreads.PLATFORM)
                        .executor(Runnable::run),
                "threads and executor must not both be set, but were PLATFORM and an executor");
        assertRefused(
                SafetyGuard.builder().evaluator(evaluator).cacheExpiry(Duration.ofSeconds(1)),
                "cacheExpiry must not be set without cache, but was PT1S");
    }

    private static void assertRefused(SafetyGuard.Builder builder, String message) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
    }
}
