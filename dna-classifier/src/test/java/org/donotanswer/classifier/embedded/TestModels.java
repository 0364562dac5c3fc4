package org.donotanswer.classifier.embedded;

import java.io.IOException;

/** Opens to the tests of training what only this package sees of a model. */
public final class TestModels {
    private TestModels() {}

    /** Returns the file of a model. */
    public static byte[] bytes(EmbeddedModel model) throws IOException {
        return ModelFile.bytes(model);
    }

    /** Returns the parameters of a model. */
    public static ModelParameters parameters(EmbeddedModel model) {
        return model.parameters();
    }

    /** Returns the margins of a text. */
    public static double[] margins(WeightTable table, FeatureKeys text) {
        double[] margins = new double[table.lanes()];
        table.margins(text, new WeightTable.Sums(table), margins);
        return margins;
    }

    /** Returns the number of longs of a slot. */
    public static int words(WeightTable table) {
        return table.words();
    }

    /** Returns the number of models of a table. */
    public static int lanes(WeightTable table) {
        return table.lanes();
    }

    /** Returns the value of a unit of a lane, by view, then lane. */
    public static float[][] units(WeightTable table) {
        return table.units();
    }
}
