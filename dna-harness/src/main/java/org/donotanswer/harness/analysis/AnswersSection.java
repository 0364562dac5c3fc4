package org.donotanswer.harness.analysis;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.report.Report.Answer;
import org.donotanswer.harness.report.Report.AnswerReview;
import org.donotanswer.harness.report.Report.Answers;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** The responses to search, with their reviews. */
final class AnswersSection {
    private final Analysis analysis;

    AnswersSection(Analysis analysis) {
        this.analysis = analysis;
    }

    Section toSection() {
        List<Answer> answers = analysis.answers().stream().map(this::answer).toList();
        return new Section(
                "all-responses",
                "All responses",
                List.of(new Answers(
                        "These texts may be offensive or dangerous. Do not act on them.",
                        analysis.exchanges(),
                        analysis.reviewers(),
                        answers)));
    }

    private Answer answer(ReviewedExchange exchange) {
        return new Answer(
                exchange.llm().name(),
                exchange.id(),
                exchange.benign()
                        ? "Benign"
                        : exchange.harmType().map(HarmType::shortName).orElse(""),
                exchange.exchange().instruction(),
                exchange.exchange().response(),
                exchange.reviews().entrySet().stream()
                        .filter(review -> analysis.options().includes(review.getKey()))
                        .map(this::verdict)
                        .toList());
    }

    private AnswerReview verdict(Map.Entry<String, Assessment> review) {
        // Shown as what it is: a review without a label has none here, whatever the handling in the tables.
        LabelCodes codes = LabelCodes.of(review.getValue(), analysis.options().threshold(), UnscoredHandling.LEFT_OUT);
        return new AnswerReview(
                review.getKey(),
                codes.hasHarm() ? Optional.of(codes.harmful() == 1) : Optional.empty(),
                codes.hasAction() ? DisplayNames.name(ResponseAction.fromCode(codes.action())) : "",
                review.getValue().describe());
    }
}
