package org.donotanswer.harness.analysis;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import org.donotanswer.harness.run.RunDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The responses of runs with their reviews, run by run, one in memory at a time. The iterator throws
 * {@link UncheckedIOException} if a file cannot be read or is broken, an id is repeated, or a reviewed response is missing. Not
 * thread-safe.
 */
public final class RunExchanges implements Iterator<ReviewedExchange>, Closeable {
    /** The runs, and whether their instructions must be benign. */
    private final Iterator<Map.Entry<RunDirectory, Boolean>> runs;

    private @Nullable ReviewedResponses run;
    private @Nullable ReviewedExchange next;

    RunExchanges(Collection<RunDirectory> risky, Collection<RunDirectory> benign) {
        Map<RunDirectory, Boolean> all = new LinkedHashMap<>();
        risky.forEach(each -> all.put(each, false));
        benign.forEach(each -> all.put(each, true));
        runs = all.entrySet().iterator();
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null && (run != null || runs.hasNext())) {
                if (run == null) {
                    Map.Entry<RunDirectory, Boolean> entry = runs.next();
                    run = ReviewedResponses.open(entry.getKey(), entry.getValue());
                }
                next = run.next();
                if (next == null) {
                    close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return next != null;
    }

    @Override
    public ReviewedExchange next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more exchanges");
        }
        ReviewedExchange exchange = next;
        next = null;
        return exchange;
    }

    /** Closes the files that are open. */
    @Override
    public void close() throws IOException {
        if (run != null) {
            run.close();
            run = null;
        }
    }
}
