package org.donotanswer.bench.evaluation;

import org.donotanswer.evaluate.Exchange;
import org.jspecify.annotations.Nullable;

/** A source of the single exchange given on the command line; its id is 1. Not thread-safe. */
public final class SingleSource implements ExchangeSource, ExchangeSource.RawItem {
    private final Exchange exchange;
    private boolean read;

    public SingleSource(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public @Nullable RawItem next() {
        if (read) {
            return null;
        }
        read = true;
        return this;
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public InputItem parse() {
        return new InputItem.Valid("1", exchange, false);
    }

    @Override
    public long size() {
        return exchange.response().length();
    }

    @Override
    public void close() {}
}
