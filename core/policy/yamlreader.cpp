// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/texttree.h"
#include "core/policy/yamlevents.h"
#include "core/policy/yamlscalar.h"

#include <QHash>
#include <QStringDecoder>

#include <memory>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

// Aliases repeat nodes; a few nested ones can stand for millions.
constexpr std::size_t kMostAliasedNodes = 100'000;
constexpr QByteArrayView kByteOrderMark = "\xEF\xBB\xBF";
constexpr QStringView kTextTag = u"tag:yaml.org,2002:str";
constexpr QStringView kMergeTag = u"tag:yaml.org,2002:merge";

/// The text viper makes of a key that is no string.
QString keyText(const Value& value)
{
    if (const auto* number = value.asNumber()) {
        return number->text;
    }
    if (const auto* truth = value.asBool()) {
        return *truth ? u"true"_s : u"false"_s;
    }
    return {};
}

/// Builds the tree from the events of libyaml, the scanner the proxy's own YAML reader is a port
/// of: both refuse the same texts.
class YamlReader
{
public:
    YamlReader(const QByteArray& text, KeyRule keyRule)
        : m_text(text)
        , m_keyRule(keyRule)
    {
    }

    ~YamlReader()
    {
        if (m_ready) {
            yaml_parser_delete(&m_parser);
        }
    }

    YamlReader(const YamlReader&) = delete;
    YamlReader& operator=(const YamlReader&) = delete;
    YamlReader(YamlReader&&) = delete;
    YamlReader& operator=(YamlReader&&) = delete;

    TextTree read()
    {
        TextTree tree;
        tree.root = readDocument();
        tree.diagnostics = std::move(m_diagnostics);
        return tree;
    }

private:
    struct Anchored
    {
        bool complete = false;
        Node node {};
        std::size_t nodeCount = 0;
        int height = 0;
        bool hasForeignTag = false;
    };

    /// A node on its way into the tree, with what is known beyond its value.
    struct Built
    {
        Node node {};
        std::size_t nodeCount = 1;
        int height = 1; ///< levels of nesting below and including this node
        bool isMergeKey = false;
        bool hasForeignTag = false; ///< a tag that makes a key something else than a text
    };

    std::optional<Node> readDocument()
    {
        m_ready = yaml_parser_initialize(&m_parser) == 1;
        if (!m_ready) {
            return fail(Position {}, u"invalid_yaml"_s,
                message(QT_TRANSLATE_NOOP("Message", "There is not enough memory for the text.")));
        }
        yaml_parser_set_encoding(&m_parser, YAML_UTF8_ENCODING);
        // libyaml takes unsigned bytes
        yaml_parser_set_input_string(&m_parser,
            reinterpret_cast<const unsigned char*>(m_text.constData()), // NOLINT
            static_cast<std::size_t>(m_text.size()));
        Event start;
        Event document;
        if (!next(start) || !next(document)) {
            return std::nullopt;
        }
        if (document.raw.type != YAML_DOCUMENT_START_EVENT) {
            return fail(Position { .line = 1, .column = 1 }, u"empty_text"_s,
                message(QT_TRANSLATE_NOOP("Message", "The text is empty.")),
                message(QT_TRANSLATE_NOOP("Message", "Write [] for a policy without rules.")));
        }
        const auto* version = document.raw.data.document_start.version_directive;
        if (version != nullptr && (version->major != 1 || version->minor != 1)) {
            return fail(positionOf(document.raw.start_mark), u"yaml_version"_s,
                message(QT_TRANSLATE_NOOP(
                    "Message", "The proxy reads YAML 1.1 only, but the text says %YAML 1.2.")),
                message(QT_TRANSLATE_NOOP("Message", "Remove the %YAML line.")));
        }
        Event first;
        if (!next(first)) {
            return std::nullopt;
        }
        auto root = build(first.raw, 1);
        if (!root || !readEnd()) {
            return std::nullopt;
        }
        return std::move(root->node);
    }

    /// Behind a flow-style root the proxy ignores the rest of the text; it may hold a deny rule, so
    /// it is an error here. A further document is only worth a warning.
    bool readEnd()
    {
        Event documentEnd;
        if (!next(documentEnd)) {
            return false;
        }
        Event after;
        if (!next(after)) {
            return false;
        }
        if (after.raw.type == YAML_DOCUMENT_START_EVENT) {
            m_diagnostics.push_back({ .severity = Severity::Warning,
                .code = u"second_document"_s,
                .at = positionOf(after.raw.start_mark),
                .what = message(QT_TRANSLATE_NOOP("Message",
                    "A second YAML document starts here; the proxy reads only the first.")),
                .fix
                = message(QT_TRANSLATE_NOOP("Message", "Join both into one list of rules.")) });
        }
        return true;
    }

    std::nullopt_t fail(Position at, const QString& code, Message what, Message fix = {})
    {
        m_diagnostics.push_back(
            { .code = code, .at = at, .what = std::move(what), .fix = std::move(fix) });
        return std::nullopt;
    }

    bool next(Event& event)
    {
        if (yaml_parser_parse(&m_parser, &event.raw) == 1) {
            return true;
        }
        const bool encoding = m_parser.error == YAML_READER_ERROR;
        const auto at = encoding
            ? positionOf(m_text, static_cast<qsizetype>(m_parser.problem_offset))
            : positionOf(m_parser.problem_mark);
        const auto problem
            = m_parser.problem == nullptr ? QString() : QString::fromUtf8(m_parser.problem);
        fail(at, u"invalid_yaml"_s,
            message(QT_TRANSLATE_NOOP("Message", "The text is not valid YAML here: %1."), problem),
            encoding ? message(QT_TRANSLATE_NOOP(
                           "Message", "Save it as UTF-8, and write control characters as escapes."))
                     : message(QT_TRANSLATE_NOOP("Message",
                           "Check indentation (spaces, no tabs), brackets and quotes.")));
        return false;
    }

    std::optional<Built> build(const yaml_event_t& event, int depth)
    {
        if (depth > kDeepestNesting) {
            return tooDeep(positionOf(event.start_mark));
        }
        if (event.type == YAML_ALIAS_EVENT) {
            return buildAlias(event, depth);
        }
        if (event.type == YAML_SCALAR_EVENT) {
            return buildScalar(event);
        }
        if (event.type == YAML_SEQUENCE_START_EVENT) {
            const auto slot = openAnchor(event.data.sequence_start.anchor);
            const FlowLevel level(
                m_flowDepth, event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
            return closeAnchor(slot, buildSequence(event, depth));
        }
        const auto slot = openAnchor(event.data.mapping_start.anchor);
        const FlowLevel level(
            m_flowDepth, event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
        return closeAnchor(slot, buildMapping(event, depth));
    }

    std::nullopt_t tooDeep(Position at)
    {
        return fail(at, u"too_deep"_s,
            message(QT_TRANSLATE_NOOP(
                "Message", "The text is nested more than 64 levels deep, which no policy needs.")));
    }

    std::shared_ptr<Anchored> openAnchor(const yaml_char_t* name)
    {
        if (name == nullptr) {
            return nullptr;
        }
        auto slot = std::make_shared<Anchored>();
        m_anchors.insert(textOf(name), slot);
        return slot;
    }

    static std::optional<Built> closeAnchor(
        const std::shared_ptr<Anchored>& slot, std::optional<Built> built)
    {
        if (slot != nullptr && built) {
            *slot = { .complete = true,
                .node = built->node,
                .nodeCount = built->nodeCount,
                .height = built->height,
                .hasForeignTag = built->hasForeignTag };
        }
        return built;
    }

    std::optional<Built> buildAlias(const yaml_event_t& event, int depth)
    {
        const auto at = positionOf(event.start_mark);
        const auto name = textOf(event.data.alias.anchor);
        const auto slot = m_anchors.value(name);
        if (slot == nullptr || !slot->complete) {
            return fail(at, u"unknown_alias"_s,
                message(slot == nullptr
                        ? QT_TRANSLATE_NOOP("Message", "No anchor &%1 stands before the alias *%1.")
                        : QT_TRANSLATE_NOOP("Message", "The alias *%1 contains itself."),
                    name),
                message(QT_TRANSLATE_NOOP(
                    "Message", "Write the value out, or put quotes around a text with a star.")));
        }
        m_aliasedNodes += slot->nodeCount;
        if (m_aliasedNodes > kMostAliasedNodes) {
            return fail(at, u"alias_bomb"_s,
                message(QT_TRANSLATE_NOOP(
                    "Message", "The aliases of this text stand for more than 100,000 values.")),
                message(QT_TRANSLATE_NOOP("Message", "Write the values out.")));
        }
        if (depth + slot->height - 1 > kDeepestNesting) {
            return tooDeep(at);
        }
        return Built { .node = slot->node,
            .nodeCount = slot->nodeCount,
            .height = slot->height,
            .hasForeignTag = slot->hasForeignTag };
    }

    std::optional<Built> buildScalar(const yaml_event_t& event)
    {
        const auto& scalar = event.data.scalar;
        const auto at = positionOf(event.start_mark);
        // not QString::fromUtf8, which drops a leading U+FEFF
        QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::ConvertInitialBom);
        const QString text
            = decoder(QByteArrayView(scalar.value, static_cast<qsizetype>(scalar.length)));
        if (scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE && hasEscapedSlash(event)) {
            return fail(at, u"escaped_slash"_s,
                message(QT_TRANSLATE_NOOP(
                    "Message", "The proxy's YAML reader does not know the escape \\/.")),
                message(QT_TRANSLATE_NOOP("Message", "Write / without a backslash.")));
        }
        const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
        const auto tag = textOf(scalar.tag);
        // libyaml is newer here than the port: that one ends an unquoted text at a question mark,
        // and takes a comma into the tag before it.
        if (m_flowDepth > 0 && plain
            && (text.contains(u'?') || (text.isEmpty() && !tag.isEmpty()))) {
            return fail(at, u"invalid_yaml"_s,
                message(QT_TRANSLATE_NOOP("Message",
                    "Between brackets the proxy cannot read a question mark without quotes, or a "
                    "tag without a value.")),
                message(QT_TRANSLATE_NOOP("Message", "Put the text into double quotes.")));
        }
        auto value = resolveScalar(text, plain, tag);
        if (!value) {
            return fail(at, u"no_json_form"_s,
                message(QT_TRANSLATE_NOOP(
                            "Message", "The value %1 cannot be used with its type or tag."),
                    text),
                message(QT_TRANSLATE_NOOP("Message", "Put it into double quotes.")));
        }
        const bool isMerge
            = text == u"<<" && ((plain && (tag.isEmpty() || tag == u"!")) || tag == kMergeTag);
        Built built { .node = { .at = at, .scalar = std::move(*value) },
            .isMergeKey = isMerge,
            .hasForeignTag = !tag.isEmpty() && tag != u"!" && tag != kTextTag && !isMerge };
        return closeAnchor(openAnchor(scalar.anchor), std::move(built));
    }

    /// The raw text of the scalar is searched: libyaml has decoded the escape already. Marks count
    /// characters, so a cursor walks through the bytes with them.
    bool hasEscapedSlash(const yaml_event_t& event)
    {
        advanceTo(event.start_mark.index);
        while (m_cursorIndex < event.end_mark.index) {
            if (m_text.at(m_cursorByte) != '\\') {
                advanceTo(m_cursorIndex + 1);
                continue;
            }
            advanceTo(m_cursorIndex + 1);
            if (m_cursorByte < m_text.size() && m_text.at(m_cursorByte) == '/') {
                return true;
            }
            advanceTo(m_cursorIndex + 1);
        }
        return false;
    }

    void advanceTo(std::size_t index)
    {
        while (m_cursorIndex < index && m_cursorByte < m_text.size()) {
            ++m_cursorByte;
            while (m_cursorByte < m_text.size()
                && (static_cast<unsigned char>(m_text.at(m_cursorByte)) & 0xC0U) == 0x80U) {
                ++m_cursorByte;
            }
            ++m_cursorIndex;
        }
        m_cursorIndex = std::max(m_cursorIndex, index);
    }

    std::optional<Built> buildSequence(const yaml_event_t& start, int depth)
    {
        Built out { .node = { .kind = Node::Kind::Sequence, .at = positionOf(start.start_mark) } };
        while (true) {
            Event event;
            if (!next(event)) {
                return std::nullopt;
            }
            if (event.raw.type == YAML_SEQUENCE_END_EVENT) {
                return out;
            }
            auto item = build(event.raw, depth + 1);
            if (!item) {
                return std::nullopt;
            }
            out.nodeCount += item->nodeCount;
            out.height = std::max(out.height, item->height + 1);
            out.node.items.push_back(std::move(item->node));
        }
    }

    std::optional<Built> buildMapping(const yaml_event_t& start, int depth)
    {
        Built out { .node = { .kind = Node::Kind::Mapping, .at = positionOf(start.start_mark) } };
        QHash<QString, std::size_t> places;
        std::optional<Node> merged;
        while (true) {
            Event keyEvent;
            if (!next(keyEvent)) {
                return std::nullopt;
            }
            if (keyEvent.raw.type == YAML_MAPPING_END_EVENT) {
                break;
            }
            auto key = build(keyEvent.raw, depth + 1);
            Event valueEvent;
            if (!key || !next(valueEvent)) {
                return std::nullopt;
            }
            auto value = build(valueEvent.raw, depth + 1);
            if (!value) {
                return std::nullopt;
            }
            out.nodeCount += value->nodeCount;
            out.height = std::max(out.height, value->height + 1);
            if (key->isMergeKey && !merged) {
                merged = std::move(value->node);
                continue;
            }
            if (!addMember(out.node, places, *key, std::move(value->node))) {
                return std::nullopt;
            }
        }
        if (merged && !merge(out.node, places, *merged)) {
            return std::nullopt;
        }
        return out;
    }

    bool addMember(
        Node& mapping, QHash<QString, std::size_t>& places, const Built& built, Node value)
    {
        const auto& key = built.node;
        const bool isScalar = key.kind == Node::Kind::Scalar;
        const auto* text = isScalar ? key.scalar.asString() : nullptr;
        const bool isText = text != nullptr && !built.hasForeignTag;
        if (!isText && (!isScalar || m_keyRule == KeyRule::Strict)) {
            fail(key.at, u"key_not_text"_s,
                message(QT_TRANSLATE_NOOP("Message", "A key must be a text.")),
                message(QT_TRANSLATE_NOOP("Message", "Put the key into double quotes.")));
            return false;
        }
        QString name = text != nullptr ? *text : keyText(key.scalar);
        if (m_keyRule == KeyRule::LowerCased) {
            name = name.toLower();
        }
        const auto found = places.constFind(name);
        if (found == places.constEnd()) {
            places.insert(name, mapping.items.size());
            mapping.keys.push_back(name);
            mapping.keyPositions.push_back(key.at);
            mapping.items.push_back(std::move(value));
            return true;
        }
        const bool collapses = m_keyRule == KeyRule::LowerCased;
        m_diagnostics.push_back({ .severity = collapses ? Severity::Warning : Severity::Error,
            .code = u"duplicate_key"_s,
            .at = key.at,
            .what = message(QT_TRANSLATE_NOOP("Message",
                                "The key \"%1\" stands in this mapping twice; one would be lost."),
                name),
            .fix = message(QT_TRANSLATE_NOOP("Message", "Join the two, or remove one.")) });
        mapping.items[*found] = std::move(value);
        return collapses;
    }

    /// "<<": members of other mappings, where no member of the same name stands already.
    bool merge(Node& mapping, QHash<QString, std::size_t>& places, const Node& source)
    {
        if (source.kind == Node::Kind::Sequence) {
            return std::all_of(source.items.begin(), source.items.end(),
                [&](const Node& item) { return mergeMembers(mapping, places, item); });
        }
        return mergeMembers(mapping, places, source);
    }

    bool mergeMembers(Node& mapping, QHash<QString, std::size_t>& places, const Node& source)
    {
        if (source.kind != Node::Kind::Mapping) {
            fail(source.at, u"merge_not_mapping"_s,
                message(QT_TRANSLATE_NOOP("Message", "The merge key << needs a mapping.")),
                message(QT_TRANSLATE_NOOP("Message", "Write the members out.")));
            return false;
        }
        for (std::size_t i = 0; i < source.items.size(); ++i) {
            if (!places.contains(source.keys[i])) {
                places.insert(source.keys[i], mapping.items.size());
                mapping.keys.push_back(source.keys[i]);
                mapping.keyPositions.push_back(source.keyPositions[i]);
                mapping.items.push_back(source.items[i]);
            }
        }
        return true;
    }

    const QByteArray& m_text;
    KeyRule m_keyRule;
    yaml_parser_t m_parser {};
    bool m_ready = false;
    QHash<QString, std::shared_ptr<Anchored>> m_anchors;
    std::size_t m_aliasedNodes = 0;
    int m_flowDepth = 0;
    std::size_t m_cursorIndex = 0;
    qsizetype m_cursorByte = 0;
    std::vector<Diagnostic> m_diagnostics;
};

} // namespace

TextTree readYaml(const QByteArray& text, KeyRule keys)
{
    const auto body = text.startsWith(kByteOrderMark) ? text.sliced(kByteOrderMark.size()) : text;
    return YamlReader(body, keys).read();
}

} // namespace portreeve::policy
