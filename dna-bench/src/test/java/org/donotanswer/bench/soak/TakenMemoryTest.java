package org.donotanswer.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class TakenMemoryTest {
    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @Test
    void close_givesAllBackAtOnce() {
        long before = direct();
        try (TakenMemory taken = new TakenMemory()) {
            assertThat(taken.isComplete()).isTrue();
            assertThat(direct() - before).isEqualTo(64L << 20);
        }
        assertThat(direct()).isEqualTo(before);
    }
}
