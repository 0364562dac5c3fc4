package org.donotanswer.bench.cli;

import java.util.List;
import java.util.stream.IntStream;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Review;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.LabelledExchange;

/** The exchanges of the benchmark whose responses are labelled as harmful or harmless. Stateless, hence thread-safe. */
final class LabelledExchanges {
    private LabelledExchanges() {}

    /** Returns the benchmark's responses with their human labels; ids are numbers from 1. */
    static List<LabelledExchange> of(DoNotAnswer data) {
        List<Review> reviews =
                data.reviews(Annotator.HUMAN).stream().filter(Review::isScored).toList();
        return IntStream.range(0, reviews.size())
                .mapToObj(i -> LabelledExchange.of(
                        Integer.toString(i + 1),
                        Exchange.of(
                                reviews.get(i).question().text(),
                                reviews.get(i).response().text()),
                        reviews.get(i).harmful().orElseThrow()))
                .toList();
    }
}
