package org.donotanswer.harness.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdIndexTest {
    @Test
    void ids_areNumberedInTheOrderInWhichTheyAreAdded() {
        IdIndex ids = new IdIndex();

        assertThat(ids.add("b")).isTrue();
        assertThat(ids.add("a")).isTrue();
        assertThat(ids.add("b")).isFalse();
        assertThat(ids.add("")).isTrue();

        assertThat(ids.size()).isEqualTo(3);
        assertThat(ids.find("b")).isZero();
        assertThat(ids.find("a")).isEqualTo(1);
        assertThat(ids.find("")).isEqualTo(2);
        assertThat(ids.find("c")).isEqualTo(-1);
    }

    @Test
    void manyIds_keepTheirNumbersWhileItGrows() {
        IdIndex ids = new IdIndex();
        for (int i = 0; i < 100_000; i++) {
            assertThat(ids.add("id-" + i)).isTrue();
        }

        assertThat(ids.size()).isEqualTo(100_000);
        for (int i = 0; i < 100_000; i++) {
            assertThat(ids.find("id-" + i)).isEqualTo(i);
            assertThat(ids.add("id-" + i)).isFalse();
            assertThat(ids.find("other-" + i)).isEqualTo(-1);
        }
    }
}
