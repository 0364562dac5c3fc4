package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.reactor.GuardedFlux;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** What a source throws arrives as it was thrown, in every form of streaming. */
class SourceErrorsTest {
    private static final Conversation CONVERSATION = Conversation.of("What is it?");
    private static final String SENTENCE = "Tea is a drink that is made from leaves. ";

    private final StreamGuard streams = StreamGuard.of(SafetyGuard.of(new MarkerEvaluator("HARM")));

    static Stream<Throwable> errors() {
        return Stream.of(
                new IllegalStateException("closed", new IOException("reset")),
                new IOException("reset", new IllegalArgumentException("cause")),
                new CompletionException("wrapped by the source", new IOException("reset")),
                new ExecutionException("wrapped by the source", new IOException("reset")),
                new CancellationException("cancelled"),
                new AssertionError("wrong"),
                new StackOverflowError("deep"),
                new Exception("plain"));
    }

    private static Iterator<String> source(Throwable error) {
        return new Iterator<>() {
            private int taken;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public String next() {
                if (taken++ == 3) {
                    SourceErrorsTest.<RuntimeException>rethrow(error);
                }
                return SENTENCE;
            }
        };
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @ParameterizedTest
    @MethodSource("errors")
    void iterator_sourceThrows_throwsTheSameAgainAndAgain(Throwable error) {
        for (StreamGuard form : List.of(
                streams,
                StreamGuard.builder()
                        .guard(streams.guard())
                        .idleTimeout(java.time.Duration.ZERO)
                        .build())) {
            GuardedIterator iterator = form.iterate(CONVERSATION, source(error));
            assertThat(catchThrowable(() -> iterator.forEachRemaining(text -> {})))
                    .isSameAs(error);
            assertThat(catchThrowable(iterator::hasNext)).isSameAs(error);
            assertThat(catchThrowable(iterator::next)).isSameAs(error);
            assertThat(iterator.verdict()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("errors")
    void callbacks_sourceFails_passOnTheSame(Throwable error) {
        RecordingStreamListener listener = new RecordingStreamListener();
        TokenSink sink = streams.open(CONVERSATION, listener);
        sink.accept(SENTENCE);
        sink.fail(error);
        sink.fail(new IllegalStateException("late"));
        sink.complete();
        assertThat(listener.errors).containsExactly(error);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void processor_publisherFails_passesOnTheSame(Throwable error) {
        List<Throwable> errors = new ArrayList<>();
        GuardedProcessor processor = streams.processor(CONVERSATION);
        processor.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(String text) {}

            @Override
            public void onError(Throwable thrown) {
                errors.add(thrown);
            }

            @Override
            public void onComplete() {}
        });
        processor.onError(error);
        assertThat(errors).containsExactly(error);
        processor.verdict().whenComplete((verdict, thrown) -> errors.add(thrown));
        assertThat(errors).hasSize(2);
        assertThat(
                        errors.get(1) instanceof CompletionException && errors.get(1) != error
                                ? errors.get(1).getCause()
                                : errors.get(1))
                .isSameAs(error);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void flux_sourceFails_passesOnTheSame(Throwable error) {
        List<Throwable> errors = new ArrayList<>();
        GuardedFlux.of(streams, CONVERSATION, Flux.just(SENTENCE).concatWith(Flux.error(error)))
                .subscribe(text -> {}, errors::add);
        assertThat(errors).containsExactly(error);
        if (!(error instanceof VirtualMachineError)) {
            List<Throwable> thrown = new ArrayList<>();
            Flux<String> throwing = Flux.defer(() -> {
                SourceErrorsTest.<RuntimeException>rethrow(error);
                return Flux.empty();
            });
            GuardedFlux.of(streams, CONVERSATION, throwing).subscribe(text -> {}, thrown::add);
            assertThat(thrown).containsExactly(error);
        }
    }
}
