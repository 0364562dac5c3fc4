package org.donotanswer.guard.reactor;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.stream.GuardedProcessor;
import org.donotanswer.guard.stream.StreamGuard;
import org.reactivestreams.Publisher;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

/** Guards responses streamed as a {@link Flux}. Stateless, hence thread-safe. */
public final class GuardedFlux {
    private GuardedFlux() {}

    /**
     * Returns a flux of the parts of a response that may be shown. It completes after the whole response, or fails with
     * a {@link org.donotanswer.guard.BlockedException} once the response is blocked. Each subscriber subscribes to the
     * tokens anew, with its own context, and has the response checked anew.
     *
     * @param tokens the model's response to the conversation
     */
    public static Flux<String> of(StreamGuard streams, Conversation conversation, Publisher<String> tokens) {
        return of(streams, conversation, tokens, verdict -> {});
    }

    /**
     * Returns the flux of {@link #of(StreamGuard, Conversation, Publisher)}, which also passes its verdict to a consumer
     * just before it ends. There is no verdict if the source fails or the subscriber cancels.
     *
     * @param tokens the model's response to the conversation
     * @param onVerdict must return quickly; its exceptions are dropped
     */
    public static Flux<String> of(
            StreamGuard streams,
            Conversation conversation,
            Publisher<String> tokens,
            Consumer<? super Verdict> onVerdict) {
        Objects.requireNonNull(streams, "streams");
        Objects.requireNonNull(conversation, "conversation");
        return of(() -> streams.processor(conversation), tokens, onVerdict);
    }

    /**
     * Returns the flux of {@link #of(StreamGuard, Conversation, Publisher, Consumer)} for responses that may turn out to be
     * what an LLM says before it calls tools, as {@link StreamGuard#processor(Conversation, BooleanSupplier)} describes.
     *
     * @param tokens the model's response to the conversation
     * @param onVerdict must return quickly; its exceptions are dropped
     * @param interim tells, once the response is complete, whether calls of tools follow it; must return at once
     */
    public static Flux<String> of(
            StreamGuard streams,
            Conversation conversation,
            Publisher<String> tokens,
            Consumer<? super Verdict> onVerdict,
            BooleanSupplier interim) {
        Objects.requireNonNull(streams, "streams");
        Objects.requireNonNull(conversation, "conversation");
        Objects.requireNonNull(interim, "interim");
        return of(() -> streams.processor(conversation, interim), tokens, onVerdict);
    }

    private static Flux<String> of(
            Supplier<GuardedProcessor> processors, Publisher<String> tokens, Consumer<? super Verdict> onVerdict) {
        Objects.requireNonNull(tokens, "tokens");
        Objects.requireNonNull(onVerdict, "onVerdict");
        // The adapter does not pass on the subscriber's context.
        return Flux.deferContextual(context -> {
            Flow.Publisher<String> source =
                    JdkFlowAdapter.publisherToFlowPublisher(Flux.from(tokens).contextWrite(context));
            return JdkFlowAdapter.flowPublisherToFlux(subscriber -> {
                GuardedProcessor processor = processors.get();
                var unused = processor.verdict().thenAccept(onVerdict);
                processor.subscribe(subscriber);
                source.subscribe(processor);
            });
        });
    }
}
