package org.donotanswer.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.evaluate.Exchange;

/** Chooses what is evaluated under load: plain exchanges, and texts of every kind that is treated in a way of its own. */
public final class ExchangePool {
    private static final int LONG_CHARS = 20_000;
    private static final String EMOJI = "\uD83D\uDE00";
    private static final String LONE_SURROGATE = "\uDC00";

    private ExchangePool() {}

    /**
     * Returns a pool of at most a number of plain exchanges, and some of the other kinds.
     *
     * @param plain the maximum number of plain exchanges
     */
    public static List<Exchange> of(BenchmarkExchanges source, int plain, long seed) {
        List<Exchange> pool = new ArrayList<>(
                source.exchanges().subList(0, Math.min(plain, source.exchanges().size())));
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < Math.min(plain, pool.size()); i += 4) {
            Exchange exchange = pool.get(i);
            pool.set(i, Exchange.of(exchange.instruction(), withInserted(EMOJI, exchange.response(), random)));
        }
        Exchange first = pool.get(0);
        pool.add(Exchange.of(first.instruction(), withInserted(LONE_SURROGATE, first.response(), random)));
        pool.add(source.withResponseOf(LONG_CHARS, 0));
        pool.add(Exchange.of(first.instruction(), " \n"));
        pool.add(Exchange.of("", first.response()));
        pool.add(Exchange.of(first.instruction(), "42 + 1 = 43 \u2192 " + EMOJI));
        pool.add(
                Exchange.of(
                        first.instruction(),
                        "Lo siento, pero no puedo ayudarte con eso, porque la informaci\u00F3n que pides es peligrosa para todos."));
        return List.copyOf(pool);
    }

    /** Returns a text with something inserted about every hundred chars, wherever that is. */
    private static String withInserted(String inserted, String text, SplittableRandom random) {
        StringBuilder result = new StringBuilder(text);
        for (int at = random.nextInt(100); at < result.length(); at += inserted.length() + random.nextInt(1, 200)) {
            result.insert(at, inserted);
        }
        return result.toString();
    }
}
