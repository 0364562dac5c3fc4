package org.donotanswer.guard.reactor;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.stream.GuardedProcessor;
import org.donotanswer.guard.stream.StreamGuard;
import org.reactivestreams.Publisher;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

/** Guards responses that come as a {@link Flux}. Stateless, hence thread-safe. */
public final class GuardedFlux {
    private GuardedFlux() {}

    /**
     * Returns the parts of the response to a conversation that may be shown: all of it, or up to a {@link
     * org.donotanswer.guard.BlockedException}. For each subscriber, the publisher of tokens is subscribed to again,
     * with its context, and the response checked again.
     */
    public static Flux<String> of(StreamGuard streams, Conversation conversation, Publisher<String> tokens) {
        return of(streams, conversation, tokens, verdict -> {});
    }

    /**
     * Returns the same, and passes the verdict that ended the stream to a consumer just before it ends; there is none
     * if the source failed or the subscriber cancelled.
     *
     * @param onVerdict quick, and does not throw; an exception is lost
     */
    public static Flux<String> of(
            StreamGuard streams,
            Conversation conversation,
            Publisher<String> tokens,
            Consumer<? super Verdict> onVerdict) {
        Objects.requireNonNull(streams, "streams");
        Objects.requireNonNull(conversation, "conversation");
        Objects.requireNonNull(tokens, "tokens");
        Objects.requireNonNull(onVerdict, "onVerdict");
        // The adapter ignores contexts, so this passes on the subscriber's.
        return Flux.deferContextual(context -> {
            Flow.Publisher<String> source =
                    JdkFlowAdapter.publisherToFlowPublisher(Flux.from(tokens).contextWrite(context));
            return JdkFlowAdapter.flowPublisherToFlux(subscriber -> {
                GuardedProcessor processor = streams.processor(conversation);
                var unused = processor.verdict().thenAccept(onVerdict);
                processor.subscribe(subscriber);
                source.subscribe(processor);
            });
        });
    }
}
