package org.donotanswer.dataset.split;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;

/** Which texts of a list are near-duplicates of each other. Immutable, hence thread-safe. */
final class NearDuplicateGraph {
    /** The node of each text; texts with the same words share one. */
    private final int[] nodeOf;
    /** The neighbours of each node, which include itself. */
    private final int[][] neighbours;

    NearDuplicateGraph(int[] nodeOf, int[][] neighbours) {
        this.nodeOf = nodeOf;
        this.neighbours = neighbours;
    }

    /** Returns the texts that are near-duplicates of a marked text, and the marked ones. */
    BitSet nearTo(BitSet marked) {
        BitSet nodes = new BitSet(neighbours.length);
        marked.stream().forEach(text -> {
            for (int neighbour : neighbours[nodeOf[text]]) {
                nodes.set(neighbour);
            }
        });
        BitSet near = new BitSet(nodeOf.length);
        for (int text = 0; text < nodeOf.length; text++) {
            near.set(text, nodes.get(nodeOf[text]));
        }
        return near;
    }

    /** Returns the cluster of each text: near-duplicates, and near-duplicates of these, have the same number. */
    int[] clusters() {
        int[] clusterOfNode = new int[neighbours.length];
        Arrays.fill(clusterOfNode, -1);
        Deque<Integer> queue = new ArrayDeque<>();
        for (int node = 0; node < neighbours.length; node++) {
            if (clusterOfNode[node] < 0) {
                clusterOfNode[node] = node;
                queue.add(node);
                while (!queue.isEmpty()) {
                    for (int neighbour : neighbours[queue.remove()]) {
                        if (clusterOfNode[neighbour] < 0) {
                            clusterOfNode[neighbour] = node;
                            queue.add(neighbour);
                        }
                    }
                }
            }
        }
        return Arrays.stream(nodeOf).map(node -> clusterOfNode[node]).toArray();
    }
}
