package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ChangeCodesTest {
    private static double error(float[] change, ChangeCodes codes) {
        float[] rest = new float[change.length];
        ChangeCodes.add(rest, codes.codes(), codes.scales());
        double error = 0;
        double all = 0;
        for (int i = 0; i < change.length; i++) {
            error += Math.pow(rest[i] - change[i], 2);
            all += Math.pow(change[i], 2);
        }
        return Math.sqrt(error / all);
    }

    @Test
    void of_rowsOfWholeSteps_areExact() {
        float[] change = {0.5f, -7.5f, 3, 0, 0.25f, 3.75f, -1, 0.5f};

        ChangeCodes codes = ChangeCodes.of(change, 2, 15);

        assertThat(codes.scales()).containsExactly(0.5f, 0.25f);
        assertThat(codes.codes()).containsExactly(1, -15, 6, 0, 1, 15, -4, 2);
    }

    @Test
    void of_rowWithoutChange_hasZerosAlone() {
        ChangeCodes codes = ChangeCodes.of(new float[] {0, 0, 1, -1}, 2, 15);

        assertThat(codes.scales()[0]).isZero();
        assertThat(codes.codes()[0]).isZero();
        assertThat(codes.codes()[1]).isZero();
        assertThat(Math.abs(codes.codes()[2] * codes.scales()[1])).isEqualTo(1);
    }

    @Test
    void of_changesLikeThoseOfFineTuning_loseLittle() {
        Random random = new Random(5);
        float[] change = new float[20 * 384];
        for (int i = 0; i < change.length; i++) {
            change[i] = (float) random.nextGaussian() * 1e-3f;
        }

        assertThat(error(change, ChangeCodes.of(change, 20, 7))).isBetween(0.08, 0.125);
        assertThat(error(change, ChangeCodes.of(change, 20, 15))).isBetween(0.04, 0.065);
        assertThat(error(change, ChangeCodes.of(change, 20, 31))).isBetween(0.02, 0.035);
    }

    @Test
    void of_oneLargeChangeAmongMany_isCutOff() {
        float[] change = new float[2000];
        for (int i = 0; i < change.length; i++) {
            change[i] = i % 2 == 0 ? 0.04f : -0.04f;
        }
        change[7] = 1.2f;
        float reaching = 1.2f / 15;
        byte[] rounded = new byte[change.length];
        for (int i = 0; i < change.length; i++) {
            rounded[i] = (byte) Math.round(change[i] / reaching);
        }

        ChangeCodes codes = ChangeCodes.of(change, 1, 15);

        assertThat(codes.scales()[0]).isLessThan(reaching);
        assertThat(error(change, codes))
                .isLessThan(error(change, new ChangeCodes(rounded, new float[] {reaching})) / 2);
    }
}
