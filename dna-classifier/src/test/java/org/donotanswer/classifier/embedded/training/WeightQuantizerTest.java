package org.donotanswer.classifier.embedded.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.donotanswer.classifier.embedded.FeatureKeys;
import org.donotanswer.classifier.embedded.TestFeatures;
import org.donotanswer.classifier.embedded.TestModels;
import org.donotanswer.classifier.embedded.WeightTable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightQuantizerTest {
    private static final int VIEWS = 3;
    private static final int BITS = 12;
    private static final double[] LENGTHS = {0.5, 0, 0.8};
    private static final double[] OTHER_LENGTHS = {1, 0.25, 0.1};

    private final SplittableRandom random = new SplittableRandom(11);

    private LinearModel randomModel(SparseMatrix rows, int outputs) {
        LinearModel model = new LinearModel(rows, outputs);
        float[] multiples = new float[model.stride()];
        for (int position = 0; position < rows.width(); position++) {
            for (int output = 0; output < outputs; output++) {
                multiples[output] = (float) (random.nextDouble() - 0.5);
            }
            model.add(new int[] {position}, new float[] {1}, multiples);
        }
        return model;
    }

    private static int addRow(
            SparseMatrix.Builder builder, FeatureKeys text, FeatureIndex index, int offset, double[] l) {
        for (int view = 0; view < VIEWS; view++) {
            builder.addView(text, view, index, offset, l[view]);
        }
        return builder.endRow();
    }

    /** Returns the maximum rounding error of a margin: half a unit per feature; the squared values sum to 1. */
    private static double tolerance(WeightTable table, FeatureKeys text, int lane) {
        double tolerance = 1e-3;
        for (int view = 0; view < VIEWS; view++) {
            int features = text.end(view) - text.start(view);
            tolerance += TestModels.scales(table)[view][lane] / 2 * Math.sqrt(features) * 1.01;
        }
        return tolerance;
    }

    /** The lanes are a first model at an offset, a null lane, and a second model. */
    @ParameterizedTest
    @CsvSource({
        "1, 5, 40, false",
        "1, 5, 40, true",
        "1, 5, 1500, false",
        "1, 5, 1500, true",
        "2, 6, 40, false",
        "3, 18, 700, false"
    })
    void margins_randomTexts_areThoseOfLinearModels(int longsPerSlot, int outputs, int perView, boolean counts) {
        List<FeatureKeys> texts = TestFeatures.texts(60, VIEWS, 3_000, perView, counts, 7);
        FeatureIndex index = SparseData.index(texts, VIEWS, BITS);
        int offset = 100;
        SparseMatrix firstRows = new SparseMatrix(offset + index.size());
        SparseMatrix secondRows = new SparseMatrix(index.size());
        SparseMatrix.Builder firstBuilder = firstRows.new Builder();
        SparseMatrix.Builder secondBuilder = secondRows.new Builder();
        int[] firstRow = new int[texts.size()];
        int[] secondRow = new int[texts.size()];
        for (int i = 0; i < texts.size(); i++) {
            firstRow[i] = addRow(firstBuilder, texts.get(i), index, offset, LENGTHS);
            secondRow[i] = addRow(secondBuilder, texts.get(i), index, 0, OTHER_LENGTHS);
        }
        firstRows.sortColumnsByFrequency();
        secondRows.sortColumnsByFrequency();
        LinearModel first = randomModel(firstRows, outputs);
        LinearModel second = randomModel(secondRows, 1);
        List<WeightQuantizer.@Nullable Lane> lanes = new ArrayList<>();
        for (int output = 0; output < outputs; output++) {
            lanes.add(new WeightQuantizer.Lane(first, output, offset, output % 2 == 0, LENGTHS));
        }
        lanes.add(null);
        lanes.add(new WeightQuantizer.Lane(second, 0, 0, true, OTHER_LENGTHS));

        WeightTable table = WeightQuantizer.quantize(index, VIEWS, lanes);

        assertThat(TestModels.longsPerSlot(table)).isEqualTo(longsPerSlot);
        assertThat(TestModels.lanes(table)).isEqualTo(outputs + 2);
        for (int i = 0; i < texts.size(); i++) {
            FeatureKeys text = texts.get(i);
            double[] margins = TestModels.margins(table, text);
            double[] expected = first.margins(firstRow[i]);
            for (int output = 0; output < outputs; output++) {
                double bias = output % 2 == 0 ? 0 : first.bias(output);
                assertThat(margins[output]).isCloseTo(expected[output] - bias, within(tolerance(table, text, output)));
            }
            assertThat(margins[outputs]).isZero();
            assertThat(margins[outputs + 1])
                    .isCloseTo(second.margins(secondRow[i])[0], within(tolerance(table, text, outputs + 1)));
        }
    }
}
