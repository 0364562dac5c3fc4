package org.donotanswer.bench.crossvalidation;

import java.util.List;
import org.donotanswer.dataset.Response;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Provenance;

/**
 * How a fold's model assessed its test items. Immutable, hence thread-safe.
 *
 * @param task what was tested, in the order of the results
 * @param examples how many examples the model was trained on
 * @param model the model's provenance
 * @param responses one for each response of the task
 * @param benign one for each benign exchange of the task
 * @param seconds how long training took
 */
public record FoldResult(
        FoldTask task,
        int examples,
        Provenance model,
        List<AssessedResponse> responses,
        List<AssessedBenign> benign,
        double seconds) {
    /** Copies the lists. */
    public FoldResult {
        responses = List.copyOf(responses);
        benign = List.copyOf(benign);
    }

    /** A response with its assessment. Immutable, hence thread-safe. */
    public record AssessedResponse(Response response, Assessment assessment) {}

    /** A benign exchange with its assessment. Immutable, hence thread-safe. */
    public record AssessedBenign(FoldTask.BenignItem item, Assessment assessment) {}
}
