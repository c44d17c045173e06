// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/dataeditors.h"

#include "ui/models/policysentences.h"
#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

using policy::Value;

namespace {

QString textOf(const Value& data, QStringView key)
{
    const Value* member = data.member(key);
    return member == nullptr ? QString() : valueText(*member);
}

bool isSha256(const QString& text)
{
    static const QRegularExpression kForm(u"^([0-9a-f]{64}|[0-9A-F]{2}(:[0-9A-F]{2}){31})$"_s);
    return kForm.match(text).hasMatch();
}

bool isBase64Hash(const QString& text)
{
    static const QRegularExpression kForm(u"^[A-Za-z0-9+/]{43}=$"_s);
    return kForm.match(text).hasMatch();
}

bool isIpv4(const QString& text)
{
    static const QRegularExpression kOctet(u"^(0|[1-9][0-9]{0,2})$"_s);
    const QStringList parts = text.split(u'.');
    return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](const QString& part) {
        return kOctet.match(part).hasMatch() && part.toInt() <= 255;
    });
}

bool isIpv6(const QString& text)
{
    static const QRegularExpression kBlock(u"^[0-9A-Fa-f]{1,4}$"_s);
    const qsizetype gap = text.indexOf(u"::"_s);
    if (gap >= 0 && text.indexOf(u"::"_s, gap + 1) >= 0) {
        return false;
    }
    QStringList blocks = text.split(u':', Qt::SkipEmptyParts);
    const bool loneColon = (text.startsWith(u':') && !text.startsWith(u"::"_s))
        || (text.endsWith(u':') && !text.endsWith(u"::"_s));
    qsizetype count = blocks.size();
    if (!blocks.isEmpty() && blocks.back().contains(u'.')) {
        if (!isIpv4(blocks.takeLast())) {
            return false;
        }
        ++count;
    }
    return !loneColon && text.contains(u':') && (gap >= 0 ? count < 8 : count == 8)
        && std::all_of(blocks.begin(), blocks.end(),
            [](const QString& block) { return kBlock.match(block).hasMatch(); });
}

} // namespace

bool isAddressOrNetwork(const QString& text)
{
    const qsizetype slash = text.indexOf(u'/');
    const QString address = text.left(slash);
    const bool four = isIpv4(address);
    if (!four && !isIpv6(address)) {
        return false;
    }
    if (slash < 0) {
        return true;
    }
    static const QRegularExpression kLength(u"^[0-9]{1,3}$"_s);
    const QString length = text.mid(slash + 1);
    return kLength.match(length).hasMatch() && length.toInt() <= (four ? 32 : 128);
}

NoteEditor::NoteEditor(const QString& note, QWidget* parent)
    : CriterionEditor(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(makeMutedLabel(note, this));
}

LinesEditor::LinesEditor(Words words, std::function<bool(const QString&)> isValid, QWidget* parent)
    : CriterionEditor(parent)
    , m_words(std::move(words))
    , m_isValid(std::move(isValid))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(1));
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(u"lines"_s);
    m_text->setAccessibleName(m_words.name);
    m_text->setPlaceholderText(m_words.placeholder);
    m_text->setTabChangesFocus(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFixedHeight(fontMetrics().lineSpacing() * 4);
    m_note = makeTextLabel({}, this);
    m_note->setObjectName(u"problem"_s);
    layout->addWidget(m_text);
    layout->addWidget(m_note);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        showProblem();
        emit edited();
    });
}

void LinesEditor::setData(const Value& data)
{
    const QSignalBlocker quiet(m_text);
    QStringList texts;
    if (const Value::Array* items = data.asArray()) {
        std::transform(items->begin(), items->end(), std::back_inserter(texts), valueText);
    } else {
        texts.append(valueText(data));
    }
    m_known = texts;
    m_text->setPlainText(texts.join(u'\n'));
    showProblem();
}

QStringList LinesEditor::lines() const
{
    QStringList result;
    for (const QString& line : m_text->toPlainText().split(u'\n')) {
        if (!line.trimmed().isEmpty()) {
            result.append(line.trimmed());
        }
    }
    return result;
}

bool LinesEditor::isUsable(const QString& line) const
{
    return m_known.contains(line) || m_isValid(line);
}

Value LinesEditor::data() const
{
    Value::Array items;
    for (const QString& line : lines()) {
        if (isUsable(line)) {
            items.emplace_back(line);
        }
    }
    return Value(std::move(items));
}

void LinesEditor::showProblem()
{
    const QStringList all = lines();
    const auto wrong = std::find_if_not(
        all.begin(), all.end(), [this](const QString& line) { return isUsable(line); });
    const bool isWrong = wrong != all.end();
    m_note->setText(isWrong ? m_words.problem.arg(*wrong) : m_words.empty);
    m_note->setVisible(isWrong || (all.isEmpty() && !m_words.empty.isEmpty()));
    m_note->setRole(isWrong ? theme::Role::Error : theme::Role::Muted);
}

TextEditor::TextEditor(const QString& name, const QString& placeholder, QWidget* parent)
    : CriterionEditor(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_text = new QLineEdit(this);
    m_text->setObjectName(u"value"_s);
    m_text->setAccessibleName(name);
    m_text->setPlaceholderText(placeholder);
    layout->addWidget(m_text);
    connect(m_text, &QLineEdit::textChanged, this, &CriterionEditor::edited);
}

void TextEditor::setData(const Value& data)
{
    const QSignalBlocker quiet(m_text);
    m_text->setText(valueText(data));
}

Value TextEditor::data() const
{
    return Value(m_text->text().trimmed());
}

DeviceEditor::DeviceEditor(QWidget* parent)
    : CriterionEditor(parent)
{
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    m_approved = new QComboBox(this);
    m_approved->setObjectName(u"approved"_s);
    m_approved->addItem(tr("approved by an administrator"), u"true"_s);
    m_approved->addItem(tr("not approved, or no device at all"), u"false"_s);
    m_approved->addItem(tr("approved or not"), QString());
    m_type = new QComboBox(this);
    m_type->setObjectName(u"type"_s);
    m_type->addItem(tr("of any kind"), QString());
    m_type->addItem(tr("registered as “any”"), u"any"_s);
    m_type->addItem(tr("with a secure enclave"), u"enclave_only"_s);
    m_id = new QLineEdit(this);
    m_id->setObjectName(u"credentialId"_s);
    m_id->setPlaceholderText(tr("any credential"));
    form->addRow(tr("The device is"), m_approved);
    form->addRow(tr("It is"), m_type);
    form->addRow(tr("Credential id"), m_id);
    auto* note = makeMutedLabel(
        tr("Anybody who can sign in can enroll a device. Only an approved one says that you know "
           "it."),
        this);
    note->setObjectName(u"approvalNote"_s);
    note->setWordWrap(true);
    form->addRow(QString(), note);
    const auto showNote
        = [this, note] { note->setVisible(m_approved->currentData().toString() != u"true"); };
    connect(m_approved, &QComboBox::currentIndexChanged, note, showNote);
    showNote();
    connect(m_approved, &QComboBox::currentIndexChanged, this, &CriterionEditor::edited);
    connect(m_type, &QComboBox::currentIndexChanged, this, &CriterionEditor::edited);
    connect(m_id, &QLineEdit::textChanged, this, &CriterionEditor::edited);
}

void DeviceEditor::setData(const Value& data)
{
    const QSignalBlocker quietApproved(m_approved);
    const QSignalBlocker quietType(m_type);
    const QSignalBlocker quietId(m_id);
    QString approved;
    if (const Value* member = data.member(u"approved")) {
        const bool* flag = member->asBool();
        // Every other value is taken by its truth, as the proxy does (policy.md 4.3).
        const bool falsy = flag != nullptr  ? !*flag
            : member->asNumber() != nullptr ? member->asNumber()->text.toDouble() == 0.0
                                            : member->isNull() || valueText(*member).isEmpty();
        approved = falsy ? u"false"_s : u"true"_s;
    }
    m_approved->setCurrentIndex(m_approved->findData(approved));
    const QString type = textOf(data, u"type");
    if (m_type->findData(type) < 0) {
        m_type->addItem(type, type);
    }
    m_type->setCurrentIndex(m_type->findData(type));
    m_id->setText(textOf(data, u"is"));
}

Value DeviceEditor::data() const
{
    Value::Object members;
    if (const QString type = m_type->currentData().toString(); !type.isEmpty()) {
        members.emplace_back(u"type"_s, Value(type));
    }
    if (const QString id = m_id->text().trimmed(); !id.isEmpty()) {
        members.emplace_back(u"is"_s, Value(id));
    }
    if (const QString approved = m_approved->currentData().toString(); !approved.isEmpty()) {
        members.emplace_back(u"approved"_s, Value(approved == u"true"));
    }
    return Value(std::move(members));
}

CertificateEditor::CertificateEditor(QWidget* parent)
    : CriterionEditor(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(1));
    const auto add = [&](const QString& key, const QString& title, CriterionEditor* editor) {
        auto* used = new QCheckBox(title, this);
        used->setObjectName(key);
        editor->setObjectName(QString(key + u"_editor"_s));
        editor->hide();
        layout->addWidget(used);
        layout->addWidget(editor);
        connect(used, &QCheckBox::toggled, editor, &QWidget::setVisible);
        connect(used, &QCheckBox::toggled, this, &CriterionEditor::edited);
        connect(editor, &CriterionEditor::edited, this, &CriterionEditor::edited);
        m_parts.push_back({ key, used, editor });
    };
    add(u"fingerprint"_s, tr("SHA-256 fingerprint is one of"),
        new LinesEditor({ .name = tr("Fingerprints"),
                            .placeholder = tr("64 lower-case hex digits, or capital pairs with :"),
                            .problem = tr("“%1” is no SHA-256 fingerprint."),
                            .empty = {} },
            isSha256, this));
    add(u"spki_hash"_s, tr("Public key hash is one of"),
        new LinesEditor({ .name = tr("Public key hashes"),
                            .placeholder = tr("SHA-256 of the public key info, in base64"),
                            .problem = tr("“%1” is no base64 text of 32 bytes."),
                            .empty = {} },
            isBase64Hash, this));
    const std::vector<std::pair<QString, QString>> names {
        { u"san_email"_s, tr("E-mail name in the certificate") },
        { u"san_dns"_s, tr("Host name in the certificate") },
        { u"san_uri"_s, tr("URI in the certificate") },
    };
    for (const auto& [key, title] : names) {
        auto choices = MatcherEditor::stringChoices();
        std::erase_if(choices, [](const auto& choice) { return choice.key == u"not_in"; });
        add(key, title, new MatcherEditor(std::move(choices), {}, this));
    }
}

void CertificateEditor::setData(const Value& data)
{
    for (const Part& part : m_parts) {
        const QSignalBlocker quiet(part.used);
        const Value* member = data.member(part.key);
        part.used->setChecked(member != nullptr);
        part.editor->setVisible(member != nullptr);
        const bool isName = part.key.startsWith(u"san_");
        part.editor->setData(member != nullptr ? *member
                : isName ? Value(Value::Object { { u"is"_s, Value(QString()) } })
                         : Value(Value::Array {}));
    }
}

Value CertificateEditor::data() const
{
    Value::Object members;
    for (const Part& part : m_parts) {
        if (part.used->isChecked()) {
            members.emplace_back(part.key, part.editor->data());
        }
    }
    return Value(std::move(members));
}

} // namespace portreeve
