package dev.kantele.runtime.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.runtime.poller.LoopSnapshot;
import dev.kantele.runtime.poller.LoopSnapshot.Depth;
import dev.kantele.runtime.poller.LoopSnapshot.Distribution;
import dev.kantele.runtime.poller.PollerLoop;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * How the node's poll loops do, as JSON: {@code Loops} of the description. Adding up what a loop
 * laid aside takes a while, so no loop's thread should do it.
 */
final class LoopsResponse {
  /** The response that carries it. */
  static HttpResponse of(List<PollerLoop> loops) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    var list = body.putArray("loops");
    loops.forEach(loop -> list.add(json(loop)));
    return JsonResponse.ok(body);
  }

  private static ObjectNode json(PollerLoop loop) {
    LoopSnapshot snapshot = loop.metrics().snapshot();
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", loop.name())
            .put("state", loop.state().name().toLowerCase(Locale.ROOT))
            .put("age_ms", TimeUnit.NANOSECONDS.toMillis(snapshot.ageNanos()))
            .put("waiting_ms", TimeUnit.NANOSECONDS.toMillis(snapshot.waitingNanos()))
            .put("working_ms", TimeUnit.NANOSECONDS.toMillis(snapshot.workingNanos()))
            .put("ticks", snapshot.ticks())
            .put("tasks", snapshot.tasks())
            .put("timers", snapshot.timers())
            .put("events", snapshot.events())
            .put("waits", snapshot.waits())
            .put("rejected", snapshot.rejected())
            .put("discarded", snapshot.discarded())
            .put("faults", snapshot.faults())
            .put("budget_exhausted", snapshot.budgetExhausted())
            .put("wakeups_asked", snapshot.wakeupsAsked())
            .put("wakeups_written", snapshot.wakeupsWritten())
            .put("wakeups_saved", snapshot.wakeupsSaved())
            .put("wakeups_failed", snapshot.wakeupsFailed())
            .put("wakeups_by_cap_with_work", snapshot.wakeupsByCapWithWork())
            .put("sources", snapshot.sources());
    json.putObject("depth")
        .<ObjectNode>set("foreign", json(snapshot.foreign()))
        .<ObjectNode>set("own", json(snapshot.own()))
        .set("scheduled", json(snapshot.scheduled()));
    json.putObject("rates")
        .put("tasks", snapshot.rates().tasks())
        .put("timers", snapshot.rates().timers())
        .put("events", snapshot.rates().events())
        .put("busy", snapshot.rates().busy());
    return json.<ObjectNode>set("queue_wait_ns", json(snapshot.queueWait()))
        .<ObjectNode>set("run_ns", json(snapshot.run()))
        .<ObjectNode>set("timer_lateness_ns", json(snapshot.timerLateness()))
        .set("events_per_wait", json(snapshot.eventsPerWait()));
  }

  private static ObjectNode json(Depth depth) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("now", depth.now())
        .put("max", depth.most())
        .put("average", depth.average());
  }

  private static ObjectNode json(Distribution values) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("count", values.count())
        .put("mean", values.mean())
        .put("p50", values.p50())
        .put("p90", values.p90())
        .put("p99", values.p99())
        .put("p999", values.p999())
        .put("max", values.max());
  }

  private LoopsResponse() {}
}
