package org.donotanswer.classifier.embedded;

import java.io.IOException;

/** Gives the tests of training access to the package-private parts of a model. */
public final class TestModels {
    private TestModels() {}

    /** Returns the file contents of a model. */
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
        table.margins(text, new WeightTable.Workspace(table), margins);
        return margins;
    }

    /** Returns the number of longs in a slot. */
    public static int longsPerSlot(WeightTable table) {
        return table.longsPerSlot();
    }

    /** Returns the number of lanes. */
    public static int lanes(WeightTable table) {
        return table.lanes();
    }

    /** Returns the value of one unit of a lane, by view, then lane. */
    public static float[][] scales(WeightTable table) {
        return table.scales();
    }
}
