package org.donotanswer.bench.crossvalidation;

import java.util.List;
import org.donotanswer.dataset.Response;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Provenance;

/**
 * What a model said of what it was tested on. Immutable, hence thread-safe.
 *
 * @param task what was tested, in the order of the results
 * @param examples how many examples the model was trained on
 * @param model the model's provenance
 * @param answers one for each answer of the task
 * @param benign one for each benign exchange of the task
 * @param seconds how long training took
 */
public record FoldResult(
        FoldTask task,
        int examples,
        Provenance model,
        List<AssessedResponse> answers,
        List<AssessedBenign> benign,
        double seconds) {
    public FoldResult {
        answers = List.copyOf(answers);
        benign = List.copyOf(benign);
    }

    /** An answer and its assessment. */
    public record AssessedResponse(Response answer, Assessment assessment) {}

    /** A benign exchange and its assessment. */
    public record AssessedBenign(FoldTask.BenignItem benign, Assessment assessment) {}
}
