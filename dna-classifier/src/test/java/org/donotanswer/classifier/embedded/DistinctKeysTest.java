package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DistinctKeysTest {
    /** Few keys, so that they recur, with the same low bits, so that they collide. */
    @Provide
    Arbitrary<List<Long>> keys() {
        return Arbitraries.longs()
                .between(-400, 400)
                .map(key -> key % 2 == 0 ? key << 40 : key * 512)
                .list()
                .ofMaxSize(2_000);
    }

    private static void assertLikeMap(DistinctKeys distinct, List<Long> keys) {
        Map<Long, Integer> expected = new LinkedHashMap<>();
        for (long key : keys) {
            assertThat(distinct.add(key)).isEqualTo(!expected.containsKey(key));
            expected.merge(key, 1, Integer::sum);
        }
        Map<Long, Integer> actual = new LinkedHashMap<>();
        for (int position = 0; position < distinct.size(); position++) {
            actual.put(distinct.key(position), distinct.count(position));
        }
        assertThat(distinct.size()).isEqualTo(expected.size());
        assertThat(new ArrayList<>(actual.entrySet())).isEqualTo(new ArrayList<>(expected.entrySet()));
    }

    @Property(tries = 200, seed = "20261201")
    void add_anyKeys_isLikeLinkedHashMap(
            @ForAll("keys") List<Long> first, @ForAll("keys") List<Long> second, @ForAll List<Long> third) {
        DistinctKeys distinct = new DistinctKeys();
        for (List<Long> keys : List.of(first, second, third, first)) {
            distinct.clear();
            assertThat(distinct.size()).isZero();
            assertLikeMap(distinct, keys);
        }
    }

    @Test
    void add_manyKeys_grows() {
        DistinctKeys distinct = new DistinctKeys();
        distinct.clear();
        List<Long> keys = new ArrayList<>();
        for (long i = 0; i < 20_000; i++) {
            keys.add(i * i % 9_973 * 0x9e3779b97f4a7c15L);
        }
        assertLikeMap(distinct, keys);
    }

    @Test
    void add_newSetWithoutClear_works() {
        assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> assertLikeMap(new DistinctKeys(), List.of(5L, 6L, 5L, 0L, 0L)));
    }
}
