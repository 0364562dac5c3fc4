package org.donotanswer.encoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.donotanswer.classifier.transformer.TokenSequence;

/** Makes logits of tokens by a rule, records the windows, and fails if it is used after it was closed. */
final class FakeForwardPass implements ForwardPass {
    private final Function<TokenSequence, float[]> rule;
    private final List<TokenSequence> windows = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger closings = new AtomicInteger();
    private final AtomicInteger uses = new AtomicInteger();

    FakeForwardPass(Function<TokenSequence, float[]> rule) {
        this.rule = rule;
    }

    /** Returns a pass that gives the logits in turn, the last ones again and again. */
    static FakeForwardPass of(float[]... logits) {
        AtomicInteger next = new AtomicInteger();
        return new FakeForwardPass(window -> logits[Math.min(next.getAndIncrement(), logits.length - 1)]);
    }

    /** Returns a pass with logits that depend on all tokens. */
    static FakeForwardPass ofTokens() {
        return new FakeForwardPass(window -> {
            float[] logits = new float[24];
            long hash = Arrays.hashCode(window.inputIds());
            for (int i = 0; i < logits.length; i++) {
                hash = hash * 6364136223846793005L + 1442695040888963407L;
                logits[i] = (hash >> 40) / (float) (1 << 21);
            }
            return logits;
        });
    }

    @Override
    public float[] logits(TokenSequence window) {
        uses.incrementAndGet();
        try {
            if (closings.get() > 0) {
                throw new AssertionError("used after it was closed");
            }
            windows.add(window);
            float[] logits = rule.apply(window);
            if (closings.get() > 0) {
                throw new AssertionError("closed while it was used");
            }
            return logits;
        } finally {
            uses.decrementAndGet();
        }
    }

    /** Returns the windows so far. */
    List<TokenSequence> windows() {
        return List.copyOf(windows);
    }

    int closings() {
        return closings.get();
    }

    @Override
    public void close() {
        if (uses.get() > 0) {
            throw new AssertionError("closed while it was used");
        }
        closings.incrementAndGet();
    }
}
