package org.donotanswer.harness.review;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunReader;
import org.donotanswer.harness.run.StoredReview;

/** The responses of a run that a reviewer has not reviewed yet, a batch in memory at a time. Not thread-safe. */
final class RemainingResponses implements Closeable {
    private final RunReader<CollectedResponse> responses;
    private final int size;
    /** By the number of the response. */
    private final BitSet reviewed;

    private int next;

    private RemainingResponses(RunReader<CollectedResponse> responses, int size, BitSet reviewed) {
        this.responses = responses;
        this.size = size;
        this.reviewed = reviewed;
    }

    /**
     * Opens the responses.
     *
     * @param ids the ids of the run's responses; those that another process adds later are left out
     * @throws IOException if the reviews cannot be read
     */
    static RemainingResponses open(RunDirectory run, String reviewer, IdIndex ids) throws IOException {
        BitSet reviewed = new BitSet(ids.size());
        try (RunReader<StoredReview> reviews = run.readReviews(reviewer)) {
            for (StoredReview review = reviews.next(); review != null; review = reviews.next()) {
                int response = ids.find(review.id());
                if (response >= 0) {
                    reviewed.set(response);
                }
            }
        }
        return new RemainingResponses(run.readResponses(), ids.size(), reviewed);
    }

    /** Returns how many responses are reviewed. */
    int reviewed() {
        return reviewed.cardinality();
    }

    /**
     * Returns the next responses, at most as many as given; none at the end.
     *
     * @throws IOException if they cannot be read
     */
    List<CollectedResponse> next(int most) throws IOException {
        List<CollectedResponse> batch = new ArrayList<>();
        while (batch.size() < most && next < size) {
            CollectedResponse response = responses.next();
            if (response == null) {
                break;
            }
            if (!reviewed.get(next)) {
                batch.add(response);
            }
            next++;
        }
        return batch;
    }

    @Override
    public void close() throws IOException {
        responses.close();
    }
}
