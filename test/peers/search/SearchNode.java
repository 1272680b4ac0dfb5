import java.util.List;
import java.util.Map;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/** One node of OpenSearch on loopback, made of its jars alone: `java -cp JARS SearchNode.java FOLDER HTTP_PORT OTHER_PORT`. */
public class SearchNode extends Node {
  SearchNode(Environment environment) {
    super(environment, List.<Class<? extends Plugin>>of(Netty4Plugin.class), false);
  }

  public static void main(String[] args) throws Exception {
    Settings settings = Settings.builder()
      .put("path.home", args[0])
      .put("node.name", "one")
      .put("discovery.type", "single-node")
      .put("http.type", "netty4")
      .put("http.host", "127.0.0.1")
      .put("http.port", args[1])
      .put("transport.type", "netty4")
      .put("transport.host", "127.0.0.1")
      .put("transport.port", args[2])
      .put("cluster.routing.allocation.disk.threshold_enabled", false)
      .build();
    SearchNode node = new SearchNode(InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "one"));
    node.start();
    Thread.currentThread().join();
  }
}
