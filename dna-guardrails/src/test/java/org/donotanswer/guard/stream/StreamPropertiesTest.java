package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.GuardThreads;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.Verdict.Window;
import org.donotanswer.guard.stream.StreamForm.Outcome;

/** Guarantees of streams, for random responses that are cut into random tokens, with and without an unsafe span. */
class StreamPropertiesTest {
    @Provide
    Arbitrary<StreamCase> cases() {
        return StreamCase.any();
    }

    /** A guard and its evaluator. */
    private static final class Setup {
        final MarkerEvaluator evaluator;
        final List<Verdict> verdicts = new ArrayList<>();
        final StreamGuard streams;

        Setup(StreamCase streamed) {
            evaluator = new MarkerEvaluator(streamed.marker());
            streams = streamed.streams(SafetyGuard.builder()
                            .evaluator(evaluator)
                            .listener((verdict, instruction, text) -> verdicts.add(verdict))
                            .build())
                    .build();
        }

        List<Window> windows(boolean released) {
            return verdicts.stream()
                    .filter(verdict -> verdict.released() == released)
                    .flatMap(verdict -> verdict.window().stream())
                    .toList();
        }
    }

    @Property(tries = 10_000, seed = "20261201")
    void callback_anyResponse_releasesNothingUnsafe(@ForAll("cases") StreamCase streamed) {
        Setup setup = new Setup(streamed);
        Outcome outcome = StreamForm.CALLBACK.run(setup.streams, streamed.tokens(), List.of(1));
        String released = outcome.text();

        assertThat(streamed.answer()).startsWith(released);
        if (streamed.planted() < 0) {
            assertThat(released).isEqualTo(streamed.answer());
            assertThat(outcome.end()).startsWith("finished ");
        } else {
            assertThat(released.length()).isLessThanOrEqualTo(streamed.planted());
            assertThat(outcome.end()).isEqualTo("blocked HARMFUL");
        }
        int end = 0;
        for (String text : outcome.texts()) {
            end += text.length();
            assertThat(isWithinPair(streamed.answer(), end)).isFalse();
        }
        // No text of a window that did not pass is released, and before the end no text that is in no passed window.
        setup.windows(false).forEach(window -> assertThat(released.length()).isLessThanOrEqualTo(window.start()));
        if (streamed.planted() >= 0) {
            int passed =
                    setup.windows(true).stream().mapToInt(Window::end).max().orElse(0);
            assertThat(released.length()).isLessThanOrEqualTo(passed);
        }
    }

    private static boolean isWithinPair(String text, int place) {
        return place > 0
                && place < text.length()
                && Character.isSurrogatePair(text.charAt(place - 1), text.charAt(place));
    }

    @Property(tries = 10_000, seed = "20261201")
    void anyForm_anyTokens_decideAndReleaseTheSame(@ForAll("cases") StreamCase streamed) {
        Setup first = new Setup(streamed);
        Outcome expected = StreamForm.CALLBACK.run(first.streams, streamed.characters(), List.of(1));
        for (StreamForm form : StreamForm.values()) {
            for (List<String> tokens : List.of(streamed.tokens(), List.of(streamed.answer()))) {
                Setup setup = new Setup(streamed);
                Outcome outcome = form.run(setup.streams, tokens, streamed.demands());
                assertThat(outcome).as(form.name()).isEqualTo(expected);
                assertThat(decisions(setup.verdicts)).isEqualTo(decisions(first.verdicts));
            }
        }
    }

    private static List<String> decisions(List<Verdict> verdicts) {
        return verdicts.stream()
                .map(verdict -> verdict.window() + " " + verdict.decision())
                .toList();
    }

    @Property(tries = 2_000, seed = "20261201")
    void accept_anyTokens_releaseTheSameAtEachPlace(@ForAll("cases") StreamCase streamed) {
        int[] bySingleChars = releasedAt(streamed, streamed.characters());
        int[] byTokens = releasedAt(streamed, streamed.tokens());
        for (int place = 0; place < byTokens.length; place++) {
            if (byTokens[place] >= 0) {
                assertThat(byTokens[place]).isEqualTo(bySingleChars[place]);
            }
        }
    }

    /** How much was released at each length of text received; -1 inside a token. */
    private static int[] releasedAt(StreamCase streamed, List<String> tokens) {
        RecordingStreamListener listener = new RecordingStreamListener();
        TokenSink sink = new Setup(streamed).streams.open(Conversation.unknown(), listener);
        int[] released = new int[streamed.answer().length() + 1];
        Arrays.fill(released, -1);
        int place = 0;
        released[0] = 0;
        for (String token : tokens) {
            sink.accept(token);
            place += token.length();
            released[place] = listener.text().length();
        }
        sink.cancel();
        return released;
    }

    @Property(tries = 10_000, seed = "20261201")
    void callback_anyResponse_isReadAFewTimesOver(@ForAll("cases") StreamCase streamed) {
        Setup setup = new Setup(streamed);
        StreamForm.CALLBACK.run(setup.streams, streamed.tokens(), List.of(1));
        WindowSizes sizes = streamed.sizes();
        int length = streamed.answer().length();
        // A step may be one shorter so as not to split a surrogate pair; then come the rest and the whole.
        int windows = length / Math.max(1, sizes.minimumStep() - 1) + 2;
        assertThat(setup.evaluator.evaluations.get()).isLessThanOrEqualTo(windows);
        assertThat(setup.evaluator.charsRead.get())
                .isLessThanOrEqualTo(2L * length + windows * (2L * sizes.overlap() + 2 + sizes.head() + 1));
    }

    @Property(tries = 300, seed = "20261201")
    void iterator_withAnotherThread_releasesTheSame(@ForAll("cases") StreamCase streamed) {
        Outcome expected = StreamForm.CALLBACK.run(new Setup(streamed).streams, streamed.tokens(), List.of(1));
        StreamGuard timed = StreamGuard.builder()
                .guard(SafetyGuard.of(new MarkerEvaluator(streamed.marker())))
                .minimumStep(streamed.sizes().minimumStep())
                .maximumStep(streamed.sizes().maximumStep())
                .overlap(streamed.sizes().overlap())
                .head(streamed.sizes().head())
                .build();
        assertThat(StreamForm.ITERATOR.run(timed, streamed.tokens(), List.of(1)))
                .isEqualTo(expected);
    }

    @Property(tries = 300, seed = "20261201")
    void anyForm_evaluatorOnOtherThreads_releasesTheSame(@ForAll("cases") StreamCase streamed) throws Exception {
        Outcome expected = StreamForm.CALLBACK.run(new Setup(streamed).streams, streamed.tokens(), List.of(1));
        try (SafetyGuard guard = SafetyGuard.builder()
                .evaluator(new MarkerEvaluator(streamed.marker()))
                .threads(GuardThreads.PLATFORM)
                .maxConcurrent(1)
                .build()) {
            for (StreamForm form : StreamForm.values()) {
                assertThat(form.run(streamed.streams(guard).build(), streamed.tokens(), streamed.demands()))
                        .as(form.name())
                        .isEqualTo(expected);
            }
        }
    }

    @Property(tries = 1_000, seed = "20261201")
    void anyForm_heldWhole_decidesAsTheGuard(@ForAll("cases") StreamCase streamed) {
        MarkerEvaluator evaluator = new MarkerEvaluator(streamed.marker());
        SafetyGuard guard = SafetyGuard.of(evaluator);
        StreamGuard streams = streamed.streams(guard).holdWholeAnswer(true).build();
        Verdict verdict = guard.check(StreamForm.CONVERSATION, streamed.answer());
        Stream<String> expected = verdict.released() ? Stream.of(streamed.answer()) : Stream.of();
        List<String> texts = expected.filter(text -> !text.isEmpty()).toList();
        for (StreamForm form : StreamForm.values()) {
            int before = evaluator.evaluations.get();
            Outcome outcome = form.run(streams, streamed.tokens(), streamed.demands());
            assertThat(outcome.texts()).as(form.name()).isEqualTo(texts);
            assertThat(outcome.end()).isEqualTo((verdict.released() ? "finished " : "blocked ") + verdict.reason());
            assertThat(evaluator.evaluations.get() - before).isLessThanOrEqualTo(1);
        }
    }
}
