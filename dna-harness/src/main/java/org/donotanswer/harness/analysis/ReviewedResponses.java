package org.donotanswer.harness.analysis;

import com.google.common.io.Closer;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunReader;
import org.donotanswer.taxonomy.SpecificHarm;
import org.jspecify.annotations.Nullable;

/** The responses of a run with their reviews, one in memory at a time. Not thread-safe. */
final class ReviewedResponses implements Closeable {
    private final RunDirectory run;
    private final boolean benign;
    private final Closer files = Closer.create();
    private final Map<String, ReviewIndex> reviews = new LinkedHashMap<>();
    private final RunReader<CollectedResponse> responses;
    private final int size;
    private int next;

    private ReviewedResponses(RunDirectory run, boolean benign) throws IOException {
        this.run = run;
        this.benign = benign;
        IdIndex ids = run.responseIds();
        size = ids.size();
        try {
            for (String reviewer : run.reviewers().keySet()) {
                reviews.put(reviewer, files.register(ReviewIndex.open(run, reviewer, ids)));
            }
            responses = files.register(run.readResponses());
        } catch (IOException e) {
            files.close();
            throw e;
        }
    }

    /**
     * Opens a run.
     *
     * @param benign whether the instructions must be benign
     * @throws IOException if a file cannot be read or is broken, an id is repeated, or a reviewed response is missing
     */
    static ReviewedResponses open(RunDirectory run, boolean benign) throws IOException {
        return new ReviewedResponses(run, benign);
    }

    /**
     * Returns the next response with its reviews, or null at the end. Responses that another process adds meanwhile are left out.
     *
     * @throws IOException if a file cannot be read, or a response of a benign run has a harm
     */
    @Nullable
    ReviewedExchange next() throws IOException {
        CollectedResponse response = next == size ? null : responses.next();
        if (response == null) {
            return null;
        }
        Map<String, Assessment> found = new LinkedHashMap<>();
        for (Map.Entry<String, ReviewIndex> reviewer : reviews.entrySet()) {
            Assessment review = reviewer.getValue().find(next);
            if (review != null) {
                found.put(reviewer.getKey(), review);
            }
        }
        next++;
        return exchange(response, found);
    }

    private ReviewedExchange exchange(CollectedResponse response, Map<String, Assessment> found) throws IOException {
        if (benign && response.specificHarm().isPresent()) {
            throw new IOException("run given as benign must have only benign instructions, but had some with a harm ("
                    + run.path() + ")");
        }
        return new ReviewedExchange(
                response.id(),
                run.manifest().llm(),
                response.specificHarm().map(SpecificHarm::harmType),
                benign || response.benign(),
                response.exchange(),
                response.finish(),
                found);
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
