package org.donotanswer.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.DatasetStatistics;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Llm;
import org.donotanswer.dataset.Review;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.InterAnnotatorAgreement;
import org.donotanswer.metrics.Interval;
import org.donotanswer.taxonomy.ResponseAction;

/** Prints statistics of the Do-Not-Answer benchmark in the directory given as the argument. */
public final class ExploreDataset {
    private ExploreDataset() {}

    /** Runs the example. */
    public static void main(String[] args) throws IOException {
        if (args.length == 0 || !Files.exists(Path.of(args[0]))) {
            System.out.println("The data is not part of this library because its licence is disputed. Either call"
                    + " DoNotAnswer.download(), which downloads it once into a cache, or clone"
                    + " https://github.com/Libr-AI/do-not-answer and pass its directory datasets as the argument.");
            return;
        }
        DoNotAnswer data = DoNotAnswer.load(Path.of(args[0]));
        DatasetStatistics statistics = data.statistics();
        System.out.println(data);
        statistics
                .questionsByHarmType()
                .forEach((type, count) -> print(
                        "%4d questions on %s (%s)",
                        count, type.shortName(), type.riskArea().shortName()));
        for (Llm llm : data.llms()) {
            List<Review> reviews = data.reviews(Annotator.HUMAN, llm);
            long harmful = reviews.stream()
                    .filter(review -> review.harmful().orElse(false))
                    .count();
            Interval harmfulProportion = Interval.wilson(harmful, reviews.size(), 0.95);
            print(
                    "%-15s %3d of %d responses are harmful according to people; 95 %% interval %.1f-%.1f %%",
                    llm, harmful, reviews.size(), 100 * harmfulProportion.lower(), 100 * harmfulProportion.upper());
        }
        if (data.annotators().contains(Annotator.GPT4)) {
            printAgreement(data);
        }
        data.notices().forEach(notice -> System.out.println("Note: " + notice));
    }

    /** Compares only responses that both labelled: a judge's reply that could not be parsed is not a label. */
    private static void printAgreement(DoNotAnswer data) {
        List<Review> judged =
                data.reviews(Annotator.GPT4).stream().filter(Review::isScored).toList();
        List<ResponseAction> gpt4 =
                judged.stream().map(review -> review.action().orElseThrow()).toList();
        List<ResponseAction> people = judged.stream()
                .map(review -> data.review(Annotator.HUMAN, review.response())
                        .flatMap(Review::action)
                        .orElseThrow())
                .toList();
        double kappa = InterAnnotatorAgreement.cohensKappa(ConfusionMatrix.of(people, gpt4));
        print("People and GPT-4 agree on %d actions with a kappa of %.3f", judged.size(), kappa);
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
