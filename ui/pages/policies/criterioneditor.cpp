// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/criterioneditor.h"

#include "ui/models/criterioncatalog.h"
#include "ui/models/policysentences.h"
#include "ui/pages/policies/dataeditors.h"
#include "ui/pages/policies/groupeditor.h"
#include "ui/pages/policies/matchereditor.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

bool isAuthorizedKey(const QString& text)
{
    static const QRegularExpression kForm(
        u"(^|\\s)(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ +AAAA[A-Za-z0-9+/]+=*( |$)"_s);
    return kForm.match(text).hasMatch();
}

CriterionEditor* makeReadOnly(
    const policy::Criterion& criterion, const CriterionType* type, QWidget* parent)
{
    const QString value = valueText(criterion.data);
    const QString note = type == nullptr
        ? CriterionEditor::tr("No proxy we know has this criterion. Value: %1").arg(value)
        : type->edition.isEmpty()
        ? CriterionEditor::tr("The builder cannot show this value; edit it as text: %1").arg(value)
        : CriterionEditor::tr("%1 only, not available on the open-source proxy. Value: %2")
              .arg(type->edition, value);
    return new NoteEditor(note, parent);
}

CriterionEditor* makeLines(const CriterionType& type, QWidget* parent)
{
    const QString placeholder = QString::fromUtf8(type.placeholder);
    if (type.shape == CriterionShape::SourceIp) {
        return new LinesEditor(
            { .name = CriterionEditor::tr("Addresses and networks"),
                .placeholder = placeholder,
                .problem = CriterionEditor::tr("“%1” is no address or network yet."),
                .empty = CriterionEditor::tr("No address yet: this condition never holds.") },
            isAddressOrNetwork, parent);
    }
    return new LinesEditor(
        { .name = CriterionEditor::tr("Public keys"),
            .placeholder = placeholder,
            .problem = CriterionEditor::tr("“%1” is no authorized_keys line yet."),
            .empty = CriterionEditor::tr("No key yet: this condition never holds.") },
        isAuthorizedKey, parent);
}

CriterionEditor* make(const policy::Criterion& criterion, const CriterionType& type,
    const PolicyEnvironment& environment, QWidget* parent)
{
    const QString placeholder = QString::fromUtf8(type.placeholder);
    switch (type.shape) {
    case CriterionShape::NoData:
        return new NoteEditor(criterionText(type.help), parent);
    case CriterionShape::StringMatcher:
        return new MatcherEditor(MatcherEditor::stringChoices(), placeholder, parent);
    case CriterionShape::Claim:
        return new MatcherEditor(MatcherEditor::listChoices(), placeholder, parent);
    case CriterionShape::Groups:
        if (fitsGroupEditor(criterion.data)) {
            return new GroupEditor(environment, parent);
        }
        return new MatcherEditor(MatcherEditor::listChoices(), placeholder, parent);
    case CriterionShape::SourceIp:
    case CriterionShape::SshKeys:
        return makeLines(type, parent);
    case CriterionShape::Device:
        return new DeviceEditor(parent);
    case CriterionShape::Certificate:
        return new CertificateEditor(parent);
    case CriterionShape::ClaimName:
        return new TextEditor(CriterionEditor::tr("Claim"), placeholder, parent);
    case CriterionShape::ReadOnly:
        return makeReadOnly(criterion, &type, parent);
    }
    return makeReadOnly(criterion, &type, parent);
}

} // namespace

CriterionEditor* makeCriterionEditor(
    const policy::Criterion& criterion, const PolicyEnvironment& environment, QWidget* parent)
{
    const CriterionType* type = criterionType(criterion.name);
    CriterionEditor* editor = type == nullptr || !isEditable(criterion)
        ? makeReadOnly(criterion, type, parent)
        : make(criterion, *type, environment, parent);
    editor->setData(criterion.data);
    return editor;
}

} // namespace portreeve
