package org.donotanswer.harness.analysis;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunReader;
import org.donotanswer.harness.run.StoredReview;
import org.jspecify.annotations.Nullable;

/**
 * One reviewer's reviews of a run by the number of their response, whatever their order. They stay on disk: 8 bytes for each
 * response are in memory. Not thread-safe.
 */
final class ReviewIndex implements Closeable {
    private static final long NONE = -1;

    private final RunReader<StoredReview> reviews;
    /** Where the review of each response is in the file. */
    private final long[] positions;

    private ReviewIndex(RunReader<StoredReview> reviews, long[] positions) {
        this.reviews = reviews;
        this.positions = positions;
    }

    /**
     * Opens the reviews.
     *
     * @param responses the ids of the run's responses
     * @throws IOException if a review is broken, or is not of one of the responses
     */
    static ReviewIndex open(RunDirectory run, String reviewer, IdIndex responses) throws IOException {
        long[] positions = new long[responses.size()];
        Arrays.fill(positions, NONE);
        boolean anyOther = false;
        RunReader<StoredReview> reviews = run.readReviews(reviewer);
        try {
            for (StoredReview review = reviews.next(); review != null; review = reviews.next()) {
                int response = responses.find(review.id());
                if (response < 0) {
                    anyOther = true;
                } else {
                    positions[response] = reviews.position();
                }
            }
            if (anyOther) {
                throw new IOException("review must be of a response of the run, but was of another (" + run.path()
                        + ", reviewer " + reviewer + ")");
            }
            return new ReviewIndex(reviews, positions);
        } catch (IOException e) {
            reviews.close();
            throw e;
        }
    }

    /**
     * Returns the review of a response, or null if it was not reviewed.
     *
     * @throws IOException if the file cannot be read
     */
    @Nullable
    Assessment find(int response) throws IOException {
        return positions[response] == NONE
                ? null
                : reviews.at(positions[response]).assessment();
    }

    @Override
    public void close() throws IOException {
        reviews.close();
    }
}
