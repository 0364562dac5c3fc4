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

/** Guards answers that come as a {@link Flux}. All methods are static, hence thread-safe. */
public final class GuardedFlux {
    private GuardedFlux() {}

    /**
     * Returns those parts of the answer to a conversation that may be shown: all of it, or up to a {@link
     * org.donotanswer.guard.BlockedException}. Each subscriber has the tokens' publisher subscribed to anew, with its own context,
     * and the answer judged anew.
     */
    public static Flux<String> of(StreamGuard streams, Conversation conversation, Publisher<String> tokens) {
        return of(streams, conversation, tokens, verdict -> {});
    }

    /**
     * Returns the same, and tells of the verdict that ended the stream, just before it ends; none is told of if the answer broke
     * off at its source, or the subscriber cancelled.
     *
     * @param onVerdict quick, and does not throw; what it throws is lost
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
        // The adapter knows no contexts, so this hands on the subscriber's.
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
